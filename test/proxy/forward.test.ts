/** Plain forwarding: what a crawler sends reaches the origin, what the origin answers reaches the crawler. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchangeRaw, openStage, type Stage } from './stage.ts';

let stage: Stage;
let received: string[] = [];

beforeAll(async () => {
  stage = await openStage((request, response) => {
    received = request.rawHeaders;
    const path = request.url ?? '';
    if (path === '/raw') {
      request.socket.end(
        'HTTP/1.1 299 As You Like It\r\nX-b: 2\r\nx-A: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Latin: caf\xe9\r\nConnection: X-Hop\r\nX-Hop: gone\r\nForetaste-Verdict: clean\r\nContent-Length: 2\r\n\r\nok',
        'latin1',
      );
    } else if (path === '/chunked') {
      response.write('one');
      response.end('two');
    } else if (path === '/echo') {
      const chunks: Buffer[] = [];
      request
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => response.end(Buffer.concat(chunks)));
    } else response.end(`you asked ${path}`);
  });
});
afterAll(() => stage.close());

const ask = (path: string, fields = '', rest = ''): Promise<string> =>
  exchangeRaw(
    stage.proxy.port,
    `GET ${stage.origin}${path} HTTP/1.1\r\nHost: ignored.example\r\nConnection: close\r\n${fields}\r\n${rest}`,
  );

describe('forwarding', () => {
  it('an absolute-form request is answered by its origin, with a verdict', async () => {
    const answer = await ask('/a?b=c');
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toMatch(
      /\r\nForetaste-Verdict: unverified;action=pass;id="[0-9A-Z]{26}";quorum="0\/0"\r\n/,
    );
    expect(answer).toMatch(/you asked \/a\?b=c$/);
  });

  it('request fields keep order, case and duplicates; ours and hop-by-hop ones stay behind', async () => {
    await ask(
      '/fields',
      'X-b: 2\r\nx-A: 1\r\nX-b: 3\r\nProxy-Authorization: Basic eA==\r\nTE: trailers\r\nConnection: X-Hop\r\nX-Hop: 1\r\nForetaste-Label: a cat\r\nKeep-Alive: 5\r\n',
    );
    const names = received.filter((_, index) => index % 2 === 0);
    expect(names.filter((name) => /^x-/i.test(name))).toEqual(['X-b', 'x-A', 'X-b']);
    expect(received).not.toContain('Proxy-Authorization');
    expect(received.join('\n')).not.toMatch(/foretaste|x-hop|keep-alive: 5|trailers/i);
    expect(received[received.indexOf('Host') + 1]).toBe(`127.0.0.1:${stage.port}`);
    expect(stage.exchanges.at(-1)?.label).toBe('a cat');
  });

  it('status, reason, order, case, duplicates and octets of response fields arrive as sent', async () => {
    const answer = await ask('/raw');
    expect(answer).toMatch(
      /^HTTP\/1\.1 299 As You Like It\r\nX-b: 2\r\nx-A: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Latin: caf\xe9\r\nContent-Length: 2\r\nForetaste-Verdict: unverified/,
    );
    expect(answer).not.toMatch(/X-Hop|clean/);
  });

  it('content without a length stays without one', async () => {
    const answer = await ask('/chunked');
    expect(answer).toMatch(/\r\nTransfer-Encoding: chunked\r\n/);
    expect(answer).not.toMatch(/content-length/i);
    expect(answer).toMatch(/\r\n\r\n6\r\nonetwo\r\n0\r\n\r\n$/);
  });

  it('an HTTP/1.0 client is never sent chunks', async () => {
    const answer = await exchangeRaw(stage.proxy.port, `GET ${stage.origin}/chunked HTTP/1.0\r\n\r\n`);
    expect(answer).not.toMatch(/transfer-encoding/i);
    expect(answer).toMatch(/\r\n\r\nonetwo$/);
  });

  it('requests sent ahead are answered in their order', async () => {
    const one = `GET ${stage.origin}/1 HTTP/1.1\r\nHost: x\r\n\r\n`;
    const two = `GET ${stage.origin}/2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    const answer = await exchangeRaw(stage.proxy.port, one + one + two);
    expect(answer.match(/you asked \/\d/g)).toEqual(['you asked /1', 'you asked /1', 'you asked /2']);
  });

  it('request content travels, by length and by chunks', async () => {
    const head = `POST ${stage.origin}/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n`;
    expect(await exchangeRaw(stage.proxy.port, `${head}Content-Length: 5\r\n\r\nhello`)).toMatch(/hello$/);
    const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nX-T: 1\r\n\r\n`;
    expect(await exchangeRaw(stage.proxy.port, chunked)).toMatch(/hello\r\n0\r\n\r\n$|hello$/);
  });

  it('HEAD has the fields of GET and no content', async () => {
    const answer = await exchangeRaw(
      stage.proxy.port,
      `HEAD ${stage.origin}/h HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200/);
    expect(answer).toMatch(/\r\n\r\n$/);
  });

  it('100-continue is answered when the content is wanted', async () => {
    const answer = await exchangeRaw(
      stage.proxy.port,
      `POST ${stage.origin}/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
    expect(answer).toMatch(/ok$/);
  });

  it.each([
    ['OPTIONS', /^HTTP\/1\.1 200 OK\r\nAllow: GET, /],
    ['TRACE', /\r\nContent-Type: message\/http\r\n[\s\S]*\r\n\r\nTRACE http[\s\S]*X-Seen: 1/],
  ])('%s is answered here when it may go no further', async (method, answer) => {
    const before = stage.exchanges.length;
    const text = await exchangeRaw(
      stage.proxy.port,
      `${method} ${stage.origin}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Seen: 1\r\nCookie: s=1\r\nMax-Forwards: 0\r\n\r\n`,
    );
    expect(text).toMatch(answer);
    expect(text).not.toMatch(/s=1/);
    expect(stage.exchanges.length).toBe(before);
  });

  it('OPTIONS that may go further goes with one forward less', async () => {
    await exchangeRaw(
      stage.proxy.port,
      `OPTIONS ${stage.origin}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nMax-Forwards: 3\r\n\r\n`,
    );
    expect(received[received.indexOf('Max-Forwards') + 1]).toBe('2');
  });
});
