/** The crawler's own request: what reaches the origin, and what comes back of it. */
import { describe, expect, it } from 'vitest';
import { captureOf, exchange, failureOf, fetcher, rawOrigin, signal, textOf } from './kit.ts';

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; charset=utf-8\r\nContent-Length: 5\r\n\r\nhello';

async function drain(stream: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of stream);
}

describe('the request', () => {
  it('has the fields as sent, in order and case, duplicates kept, and Host from the URL', async () => {
    const origin = await rawOrigin(() => ANSWER);
    await captureOf(
      fetcher().own(
        exchange(`${origin.url}/a/../b?q=%7e|x#top`, {
          fields: [
            ['user-AGENT', 'A'],
            ['hOST', 'elsewhere.example'],
            ['X-Twice', '1'],
            ['Accept', '*/*'],
            ['x-twice', '2'],
          ],
        }),
        signal(),
      ),
    );
    expect(origin.requests).toEqual([
      `GET /a/../b?q=%7e|x HTTP/1.1\r\nuser-AGENT: A\r\nhOST: 127.0.0.1:${origin.port}\r\nX-Twice: 1\r\nAccept: */*\r\nx-twice: 2\r\n\r\n`,
    ]);
  });

  it('leaves behind what belonged to the connection it came on', async () => {
    const origin = await rawOrigin(() => ANSWER);
    await captureOf(
      fetcher().own(
        exchange(`${origin.url}/`, {
          fields: [
            ['Connection', 'keep-alive, X-Hop'],
            ['Keep-Alive', '5'],
            ['Proxy-Connection', 'keep-alive'],
            ['Proxy-Authorization', 'Basic eA=='],
            ['X-Hop', '1'],
            ['TE', 'trailers'],
            ['Transfer-Encoding', 'chunked'],
            ['Content-Length', '10'],
            ['Upgrade', 'h2c'],
            ['Foretaste-Label', 'a cat'],
            ['X-Kept', '1'],
          ],
        }),
        signal(),
      ),
    );
    expect(origin.requests).toEqual([
      `GET / HTTP/1.1\r\nHost: 127.0.0.1:${origin.port}\r\nX-Kept: 1\r\n\r\n`,
    ]);
  });

  it('asks for the whole where the crawler asked for a part', async () => {
    const origin = await rawOrigin(() => ANSWER);
    await captureOf(
      fetcher().own(
        exchange(`${origin.url}/`, {
          fields: [
            ['Host', 'x'],
            ['Range', 'bytes=0-1'],
            ['If-None-Match', '"a"'],
            ['If-Modified-Since', 'Sun, 22 Nov 2026 01:00:00 GMT'],
            ['If-Range', '"a"'],
          ],
        }),
        signal(),
      ),
    );
    expect(origin.requests).toEqual([`GET / HTTP/1.1\r\nHost: 127.0.0.1:${origin.port}\r\n\r\n`]);
  });

  it('sends content with the length that was announced, or in chunks', async () => {
    async function* content() {
      yield Buffer.from('one');
      yield Buffer.from('');
      yield Buffer.from('two');
    }
    const origin = await rawOrigin(() => ANSWER, { endOf: 'two' });
    const client = fetcher();
    const post = { method: 'POST', content: content() };
    await captureOf(
      client.own(exchange(`${origin.url}/`, { ...post, fields: [['Content-Length', '6']] }), signal()),
    );
    const chunked = exchange(`${origin.url}/`, { ...post, content: content() });
    await captureOf(client.own(chunked, signal()));
    expect(origin.requests[0]).toContain('Content-Length: 6\r\n\r\nonetwo');
    expect(origin.requests[1]).toContain('Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo');
  });

  it('waits for 100 Continue before content, and tells of it', async () => {
    const told: number[] = [];
    async function* content() {
      told.push(0);
      yield Buffer.from('x');
    }
    const origin = await rawOrigin((request, socket) => {
      if (!request.includes('Expect')) return undefined;
      setTimeout(() => {
        socket.write('HTTP/1.1 100 Continue\r\n\r\n');
        setTimeout(() => socket.write(ANSWER), 30);
      }, 30);
      return undefined;
    });
    await captureOf(
      fetcher().own(
        exchange(`${origin.url}/`, {
          method: 'POST',
          content: content(),
          fields: [
            ['Expect', '100-continue'],
            ['Content-Length', '1'],
          ],
          interim: (status) => told.push(status),
        }),
        signal(),
      ),
    );
    expect(told).toEqual([100, 0]);
  });
});

describe('the response', () => {
  it('comes as it was sent: status, reason, fields, content, digests', async () => {
    const origin = await rawOrigin(() => ANSWER.replace('200 OK', '200 Quite Fine'));
    const arrival = await fetcher().own(exchange(`${origin.url}/`), signal());
    expect(arrival).toMatchObject({ kind: 'arrival', head: { status: 200, mediaType: 'text/html' } });
    const capture = await captureOf(arrival);
    expect(capture).toMatchObject({
      identity: 'crawler@direct',
      reason: 'Quite Fine',
      httpVersion: '1.1',
      truncated: false,
      fields: [
        ['Content-Type', 'Text/HTML; charset=utf-8'],
        ['Content-Length', '5'],
      ],
      digests: {
        entity: {
          md5: '5d41402abc4b2a76b9719d911017c592',
          sha1: 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d',
          sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
        },
        decoded: {},
      },
    });
    expect(await textOf(capture)).toBe('hello');
  });

  it('tells of early hints before the answer', async () => {
    const told: unknown[] = [];
    const origin = await rawOrigin(() => `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ANSWER}`);
    await captureOf(
      fetcher().own(
        exchange(`${origin.url}/`, { interim: (status, fields) => told.push([status, fields]) }),
        signal(),
      ),
    );
    expect(told).toEqual([[103, [['Link', '</a>']]]]);
  });

  it('that breaks off is a truncated capture, and its stream throws', async () => {
    const origin = await rawOrigin((_request, socket) => {
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf ');
      return undefined;
    });
    const arrival = await fetcher().own(exchange(`${origin.url}/`), signal());
    if (arrival.kind !== 'arrival') throw new Error(arrival.detail);
    expect(await captureOf(arrival)).toMatchObject({ truncated: true, body: { size: 5 } });
    expect(await arrival.overflow).toBe(false);
    await expect(drain(arrival.stream())).rejects.toMatchObject({
      code: 'http-response-incomplete',
    });
  });

  it('trailers are kept', async () => {
    const origin = await rawOrigin(
      () => 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-End: 1\r\n\r\n',
    );
    expect(await captureOf(fetcher().own(exchange(`${origin.url}/`), signal()))).toMatchObject({
      trailers: [['X-End', '1']],
    });
  });
});

describe('failures', () => {
  const silent = { timeouts: { connect: 300, head: 50, idle: 50 } };

  it.each([
    ['connection_refused', 'http://127.0.0.1:1/'],
    ['destination_ip_prohibited', 'http://10.0.0.1/'],
    ['destination_ip_prohibited', 'http://0x0a.1/'],
    ['http_request_error', 'ftp://127.0.0.1/'],
    ['http_request_error', 'http://127.0.0.1:99999/'],
  ])('%s for %s', async (error, url) => {
    const asked = { ...exchange('http://127.0.0.1/'), url };
    expect(await failureOf(fetcher().own(asked, signal()))).toMatchObject({ error });
  });

  it('connection_read_timeout where the origin falls silent', async () => {
    const origin = await rawOrigin(() => undefined);
    const asked = fetcher(silent).own(exchange(`${origin.url}/`), signal());
    expect(await failureOf(asked)).toMatchObject({ error: 'connection_read_timeout' });
  });

  it('http_protocol_error where what answers is no HTTP', async () => {
    const origin = await rawOrigin(() => '220 mail.example ESMTP\r\n\r\n');
    expect(await failureOf(fetcher().own(exchange(`${origin.url}/`), signal()))).toMatchObject({
      error: 'http_protocol_error',
    });
  });

  it('connection_terminated when it is given up, and the connection is closed', async () => {
    const controller = new AbortController();
    const closed = Promise.withResolvers<boolean>();
    const origin = await rawOrigin((_request, socket) => {
      socket.on('close', () => closed.resolve(true));
      controller.abort();
      return undefined;
    });
    expect(await failureOf(fetcher().own(exchange(`${origin.url}/`), controller.signal))).toMatchObject({
      error: 'connection_terminated',
    });
    expect(await closed.promise).toBe(true);
  });
});
