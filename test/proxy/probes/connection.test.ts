/** How clients use their connection, politely or not, and how the proxy takes it: one row a probe, the expectation the best that nine proxies showed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawOrigin } from '../../fetch/kit.ts';
import { dialRaw, exchangeRaw, openStage, readUntil, type Stage } from '../stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage((request, response) => response.end(`you asked ${request.url}`), {
    header: 8 * 1024,
  });
});
afterAll(() => stage.close());

const get = (path: string, fields = ''): string =>
  `GET ${stage.origin}${path} HTTP/1.1\r\nHost: x\r\n${fields}\r\n`;
const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;
const ESTABLISHED = 'HTTP/1.1 200 Connection established\r\n\r\n';

describe('one connection', () => {
  it.each([
    ['HTTP/1.1 stays open', 'HTTP/1.1', '', true],
    ['HTTP/1.1 closes when asked', 'HTTP/1.1', 'Connection: close\r\n', false],
    ['Close in capitals, in a list', 'HTTP/1.1', 'Connection: X, Close\r\n', false],
    ['Proxy-Connection closes too', 'HTTP/1.1', 'Proxy-Connection: close\r\n', false],
    ['HTTP/1.0 closes', 'HTTP/1.0', '', false],
    ['HTTP/1.0 stays when asked', 'HTTP/1.0', 'Connection: keep-alive\r\n', true],
    ['HTTP/1.0 stays when a proxy is asked', 'HTTP/1.0', 'Proxy-Connection: Keep-Alive\r\n', true],
  ])('%s', async (_what, version, fields, stays) => {
    const one = get('/1', fields).replace('HTTP/1.1', version);
    const answer = await exchangeRaw(stage.proxy.port, one + get('/2', 'Connection: close\r\n'));
    expect(count(answer, /you asked/g)).toBe(stays ? 2 : 1);
  });

  it('fifty requests at once are answered in their order', async () => {
    const paths = Array.from({ length: 50 }, (_, at) => `/${at}`);
    const last = get('/last', 'Connection: close\r\n');
    const answer = await exchangeRaw(stage.proxy.port, paths.map((path) => get(path)).join('') + last);
    expect([...answer.matchAll(/you asked (\/[a-z0-9]+)/g)].map(([, path]) => path)).toEqual([
      ...paths,
      '/last',
    ]);
  });

  it('content that nobody read does not become the next request', async () => {
    const origin = await rawOrigin(() => 'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno');
    const smuggled = get('/smuggled');
    const answer = await exchangeRaw(
      stage.proxy.port,
      `POST ${origin.url}/ HTTP/1.1\r\nHost: x\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
      (text) => text.endsWith('no'),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden/);
    expect(answer).not.toMatch(/smuggled/);
  });

  it.each([
    ['empty lines', '\r\n\r\n'],
    ['one LF', '\n'],
  ])('%s between two requests: read over, or refused; never a request', async (_what, between) => {
    const answer = await exchangeRaw(
      stage.proxy.port,
      get('/1') + between + get('/2', 'Connection: close\r\n'),
    );
    expect(answer).toMatch(/you asked \/2$|HTTP\/1\.1 400 /);
  });

  it('a client that closes its side after the request is answered all the same', async () => {
    const socket = dialRaw(stage.proxy.port, get('/half'));
    socket.end();
    expect(await readUntil(socket, () => false)).toMatch(/you asked \/half$/);
  });

  it.each(['destroy', 'resetAndDestroy'] as const)(
    'a client that goes by %s takes its fetch along',
    async (how) => {
      const closed = Promise.withResolvers<void>();
      const asked = Promise.withResolvers<void>();
      const origin = await rawOrigin((_request, socket) => {
        socket.once('close', () => closed.resolve());
        asked.resolve();
        return 'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nbegun';
      });
      const socket = dialRaw(stage.proxy.port, `GET ${origin.url}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
      await asked.promise;
      socket[how]();
      await closed.promise;
    },
  );

  it('octets that are no request are refused, and end the connection', async () => {
    for (const octets of [
      '\x16\x03\x01\x02\x00\x01',
      '\0\0\0\0\r\n\r\n',
      'hello\r\n\r\n',
      '{"a":1}\r\n\r\n',
    ]) {
      expect(await exchangeRaw(stage.proxy.port, `${octets}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 |^$/);
    }
  });
});

describe('heads at their limit', () => {
  it.each([
    ['a head just under it', () => get('/fits', `X: ${'x'.repeat(7000)}\r\n`), /^HTTP\/1\.1 200 /],
    ['a head over it', () => get('/', `X: ${'x'.repeat(9000)}\r\n`), /^HTTP\/1\.1 431 /],
    ['many small fields over it', () => get('/', 'X: y\r\n'.repeat(2000)), /^HTTP\/1\.1 431 /],
    ['a target over it', () => get(`/${'x'.repeat(9000)}`), /^HTTP\/1\.1 414 /],
    ['a method over it', () => `${'X'.repeat(9000)} / HTTP/1.1\r\n\r\n`, /^HTTP\/1\.1 4(00|14|31) /],
  ])('%s', async (_what, request, expected) => {
    expect(await exchangeRaw(stage.proxy.port, request(), (text) => text.includes('you asked'))).toMatch(
      expected,
    );
  });
});

describe('CONNECT', () => {
  const authority = (): string => `127.0.0.1:${stage.port}`;
  const inside = 'GET /in HTTP/1.1\r\nHost: else.example\r\nConnection: close\r\n\r\n';

  it.each([
    ['without Host', ''],
    ['with another Host', 'Host: else.example:1\r\n'],
    ['with Content-Length 0', 'Host: x\r\nContent-Length: 0\r\n'],
    ['with Proxy-Connection', 'Host: x\r\nProxy-Connection: keep-alive\r\nUser-Agent: a\r\n'],
  ])('%s opens the tunnel that its target names', async (_what, fields) => {
    const answer = await exchangeRaw(
      stage.proxy.port,
      `CONNECT ${authority()} HTTP/1.1\r\n${fields}\r\n${inside}`,
    );
    expect(answer.startsWith(ESTABLISHED)).toBe(true);
    expect(answer).toMatch(/you asked \/in$/);
  });

  it('in HTTP/1.0 opens a tunnel', async () => {
    const answer = await exchangeRaw(stage.proxy.port, `CONNECT ${authority()} HTTP/1.0\r\n\r\n${inside}`);
    expect(answer).toMatch(/^HTTP\/1\.[01] 200 [\s\S]*you asked \/in$/);
  });

  it('has neither Content-Length nor Transfer-Encoding in its answer', async () => {
    const answer = await exchangeRaw(stage.proxy.port, `CONNECT ${authority()} HTTP/1.1\r\n\r\n`, (text) =>
      text.includes('\r\n\r\n'),
    );
    expect(answer).toBe(ESTABLISHED);
  });

  it.each([
    'CONNECT x HTTP/1.1',
    'CONNECT :80 HTTP/1.1',
    'CONNECT x: HTTP/1.1',
    'CONNECT x:0 HTTP/1.1',
    'CONNECT x:65536 HTTP/1.1',
    'CONNECT http://x:80/ HTTP/1.1',
    'CONNECT x:80/path HTTP/1.1',
    'CONNECT a@x:80 HTTP/1.1',
    'CONNECT [::1:80 HTTP/1.1',
    'CONNECT / HTTP/1.1',
    'CONNECT * HTTP/1.1',
  ])('%s is refused', async (line) => {
    expect(await exchangeRaw(stage.proxy.port, `${line}\r\nHost: x\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('octets behind its head belong to the tunnel, however they come', async () => {
    const socket = dialRaw(stage.proxy.port, `CONNECT ${authority()} HTTP/1.1\r\n\r\nG`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.write(inside.slice(1));
    expect(await readUntil(socket, () => false)).toMatch(/you asked \/in$/);
  });

  it('inside a tunnel requests follow one another, and an absolute target leads no further than it', async () => {
    const elsewhere = 'GET http://else.example/abs HTTP/1.1\r\nHost: else.example\r\n\r\n';
    const answer = await exchangeRaw(
      stage.proxy.port,
      `CONNECT ${authority()} HTTP/1.1\r\n\r\n${elsewhere}${inside}`,
    );
    expect([...answer.matchAll(/you asked (\/[a-z0-9]+)/g)].map(([, path]) => path)).toEqual(['/abs', '/in']);
    expect(stage.exchanges.at(-2)?.url).toBe(`${stage.origin}/abs`);
  });

  it('inside a tunnel is refused', async () => {
    const answer = await exchangeRaw(
      stage.proxy.port,
      `CONNECT ${authority()} HTTP/1.1\r\n\r\nCONNECT x:80 HTTP/1.1\r\n\r\n`,
    );
    expect(answer.slice(ESTABLISHED.length)).toMatch(/^HTTP\/1\.1 400 /);
  });
});
