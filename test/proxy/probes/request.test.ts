/** What clients send, octet by octet, and what of it an origin is given: one row a probe, the expectation the best that nine proxies showed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawOrigin } from '../../fetch/kit.ts';
import { dialRaw, exchangeRaw, openStage, readUntil, type Stage } from '../stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage((_request, response) => response.end());
});
afterAll(() => stage.close());

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** What the origin received where the client sent `request`, in which ORIGIN stands for `http://HOST:PORT` and AUTHORITY for `HOST:PORT`. */
async function received(request: string, endOf?: string): Promise<{ wire: string; answer: string }> {
  const origin = await rawOrigin(() => OK, endOf === undefined ? {} : { endOf });
  const authority = `127.0.0.1:${origin.port}`;
  const sent = request.replaceAll('ORIGIN', origin.url).replaceAll('AUTHORITY', authority);
  const answer = await exchangeRaw(stage.proxy.port, sent);
  return { wire: origin.requests.join('').replaceAll(authority, 'AUTHORITY'), answer };
}

const LAST = 'Connection: close\r\n\r\n';

describe('the request line', () => {
  it.each([
    ['GET ORIGIN/a/../b//c?x=%7e&y#part HTTP/1.1', 'GET /a/../b//c?x=%7e&y HTTP/1.1'],
    ['GET ORIGIN HTTP/1.1', 'GET / HTTP/1.1'],
    ['GET ORIGIN?a=b HTTP/1.1', 'GET /?a=b HTTP/1.1'],
    ['GET HTTP://AUTHORITY/ HTTP/1.1', 'GET / HTTP/1.1'],
    ['GET ORIGIN/{a}|b^"c"[d] HTTP/1.1', 'GET /{a}|b^"c"[d] HTTP/1.1'],
    ['GET ORIGIN/?u=http://a.example/?b HTTP/1.1', 'GET /?u=http://a.example/?b HTTP/1.1'],
    ['PROPFIND ORIGIN/ HTTP/1.1', 'PROPFIND / HTTP/1.1'],
    ['m-search ORIGIN/ HTTP/1.1', 'm-search / HTTP/1.1'],
    ['OPTIONS ORIGIN HTTP/1.1', 'OPTIONS * HTTP/1.1'],
    ['OPTIONS ORIGIN/ HTTP/1.1', 'OPTIONS / HTTP/1.1'],
    ['GET ORIGIN/ HTTP/1.0', 'GET / HTTP/1.1'],
    [`GET ORIGIN/${'x'.repeat(8000)} HTTP/1.1`, `GET /${'x'.repeat(8000)} HTTP/1.1`],
  ])('%s', async (line, expected) => {
    const { wire } = await received(`${line}\r\nHost: x\r\n${LAST}`);
    expect(wire.split('\r\n')[0]).toBe(expected);
  });

  it('Host comes from the URL, in its place and case', async () => {
    const { wire } = await received(
      `GET ORIGIN/ HTTP/1.1\r\nX-1: a\r\nhOST: else.example\r\nX-2: b\r\n${LAST}`,
    );
    expect(wire).toMatch(/^GET \/ HTTP\/1\.1\r\nX-1: a\r\nhOST: AUTHORITY\r\nX-2: b\r\n/);
  });

  it('OPTIONS * on the proxy itself is answered by it', async () => {
    const answer = await exchangeRaw(stage.proxy.port, `OPTIONS * HTTP/1.1\r\nHost: x\r\n${LAST}`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\nAllow: GET, [\s\S]*Content-Length: 0\r\n/);
  });

  it('OPTIONS * in a tunnel is the origin’s', async () => {
    const { wire } = await received(
      `CONNECT AUTHORITY HTTP/1.1\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: AUTHORITY\r\n${LAST}`,
    );
    expect(wire).toMatch(/^OPTIONS \* HTTP\/1\.1\r\n/);
  });
});

describe('fields', () => {
  it('order, case, duplicates and empty values stay', async () => {
    const fields =
      'x-B: 1\r\nUSER-agent: t\r\nx-A: 2\r\nx-B: 3\r\nX-Empty: \r\nCookie: a=1\r\nAccept: */*\r\n';
    const { wire } = await received(`GET ORIGIN/ HTTP/1.1\r\nHost: x\r\n${fields}${LAST}`);
    expect(wire).toContain(`\r\nHost: AUTHORITY\r\n${fields}`);
  });

  it.each([
    'Proxy-Authorization: Basic eDp5',
    'Proxy-Connection: keep-alive',
    'Keep-Alive: timeout=5',
    'TE: trailers',
    'Foretaste-Label: a cat',
    'foretaste-anything: x',
    'Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nConnection: Upgrade, HTTP2-Settings',
    'X-Hop: 1\r\nConnection: x-hop',
  ])('%j stays behind', async (fields) => {
    const { wire } = await received(`GET ORIGIN/ HTTP/1.1\r\nHost: x\r\n${fields}\r\n${LAST}`);
    expect(wire).toMatch(/^GET \/ HTTP\/1\.1\r\nHost: AUTHORITY\r\n(Connection: keep-alive\r\n)?\r\n$/i);
  });

  it.each(['Via', 'X-Forwarded-For', 'Forwarded'])('%s is not added', async (name) => {
    expect((await received(`GET ORIGIN/ HTTP/1.1\r\nHost: x\r\n${LAST}`)).wire).not.toContain(name);
  });

  it('Connection cannot take Host away', async () => {
    const { wire } = await received(`GET ORIGIN/ HTTP/1.1\r\nHost: x\r\nConnection: Host, close\r\n\r\n`);
    expect(wire).toContain('\r\nHost: AUTHORITY\r\n');
  });
});

describe('content', () => {
  it('by length stays by length', async () => {
    const { wire } = await received(
      `POST ORIGIN/ HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n${LAST}hello`,
      'hello',
    );
    expect(wire).toMatch(/\r\nContent-Length: 5\r\n[\s\S]*\r\nhello$/);
    expect(wire).not.toMatch(/transfer-encoding/i);
  });

  it('in chunks stays in chunks, written anew', async () => {
    const chunks = '3;a=b\r\nhel\r\n02\r\nlo\r\n0\r\n\r\n';
    const { wire } = await received(
      `POST ORIGIN/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n${LAST}${chunks}`,
      '\r\n0\r\n\r\n',
    );
    expect(wire).toMatch(/\r\nTransfer-Encoding: chunked\r\n/);
    expect(wire).toMatch(/hel[\s\S]*lo\r\n0\r\n\r\n$/);
    expect(wire).not.toMatch(/a=b|content-length/i);
  });

  it('of no octets keeps its length, and GET may have content', async () => {
    expect(
      (await received(`POST ORIGIN/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n${LAST}`)).wire,
    ).toContain('\r\nContent-Length: 0\r\n');
    const { wire } = await received(
      `GET ORIGIN/ HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n${LAST}hi`,
      'hi',
    );
    expect(wire).toMatch(/^GET [\s\S]*\r\nContent-Length: 2\r\n[\s\S]*hi$/);
  });
});

describe('Expect: 100-continue', () => {
  const head = (url: string): string =>
    `POST ${url}/ HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n${LAST}`;

  it('is the origin’s to answer: its 100 reaches the client, and only then the content the origin', async () => {
    const origin = await rawOrigin(
      (request, socket) => {
        if (!request.includes('Expect: 100-continue')) return OK;
        setTimeout(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), 20);
        return undefined;
      },
      { endOf: '\r\n\r\n' },
    );
    const socket = dialRaw(stage.proxy.port, head(origin.url));
    const first = await new Promise<string>((resolve) =>
      socket.once('data', (data) => resolve(data.toString())),
    );
    expect(first).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write('hi\r\n\r\n'.slice(0, 2));
    expect(origin.requests[0]).toMatch(/\r\nExpect: 100-continue\r\n/);
    socket.destroy();
  });

  it('a final answer instead comes without a 100, and the content is never sent', async () => {
    const origin = await rawOrigin(() => 'HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno');
    const answer = await exchangeRaw(stage.proxy.port, head(origin.url));
    expect(answer).toMatch(/^HTTP\/1\.1 413 Too Large\r\n[\s\S]*no$/);
  });

  it('an origin that does not answer it is sent the content after a second', async () => {
    const origin = await rawOrigin(() => OK, { endOf: 'hi' });
    const socket = dialRaw(stage.proxy.port, head(origin.url));
    socket.once('data', () => socket.write('hi'));
    expect(await readUntil(socket, () => false)).toMatch(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/,
    );
  });

  it('in HTTP/1.0 it means nothing', async () => {
    const origin = await rawOrigin(() => OK, { endOf: 'hi' });
    const answer = await exchangeRaw(
      stage.proxy.port,
      `${head(origin.url).replace('HTTP/1.1', 'HTTP/1.0')}hi`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(origin.requests[0]).not.toMatch(/expect/i);
  });
});
