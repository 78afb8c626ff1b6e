/** Requests that two readers could read in two ways, slow ones, large ones, strangers: refused, and nothing is forwarded. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialRaw, exchangeRaw, openStage, readUntil, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage((_request, response) => response.end('reached'), { header: 8 * 1024 });
});
afterAll(() => stage.close());

const line = (): string => `GET ${stage.origin}/ HTTP/1.1`;
const HOST = 'Host: x\r\n';

/** What is sent, with `TARGET` for the origin, and the status that answers it. */
const SHAPES: ReadonlyArray<readonly [what: string, request: string, status: number]> = [
  [
    'both lengths',
    `POST TARGET HTTP/1.1\r\n${HOST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    'both lengths, chunks first',
    `POST TARGET HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['two lengths', `POST TARGET HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 400],
  [
    'the same length twice',
    `POST TARGET HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`,
    400,
  ],
  ['a list of lengths', `POST TARGET HTTP/1.1\r\n${HOST}Content-Length: 1, 1\r\n\r\na`, 400],
  ['a signed length', `POST TARGET HTTP/1.1\r\n${HOST}Content-Length: +1\r\n\r\na`, 400],
  ['a hexadecimal length', `POST TARGET HTTP/1.1\r\n${HOST}Content-Length: 0x1\r\n\r\na`, 400],
  [
    'a length beyond all content',
    `POST TARGET HTTP/1.1\r\n${HOST}Content-Length: 99999999999999999999\r\n\r\na`,
    400,
  ],
  ['an unknown coding', `POST TARGET HTTP/1.1\r\n${HOST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 400],
  [
    'chunked twice',
    `POST TARGET HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    'two codings',
    `POST TARGET HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    'chunked with a vertical tab',
    `POST TARGET HTTP/1.1\r\n${HOST}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['chunks in HTTP/1.0', `POST TARGET HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['a space before the colon', `GET TARGET HTTP/1.1\r\nHost : x\r\n\r\n`, 400],
  ['a folded line', `GET TARGET HTTP/1.1\r\n${HOST}X-A: 1\r\n 2\r\n\r\n`, 400],
  ['a first line that is folded', `GET TARGET HTTP/1.1\r\n ${HOST}\r\n`, 400],
  ['a bare LF in the head', `GET TARGET HTTP/1.1\r\nHost: x\n\r\n\r\n`, 400],
  ['bare LFs throughout', `GET TARGET HTTP/1.1\nHost: x\n\n`, 400],
  ['a bare CR in a value', `GET TARGET HTTP/1.1\r\n${HOST}X-A: 1\r2\r\n\r\n`, 400],
  ['a NUL in a value', `GET TARGET HTTP/1.1\r\n${HOST}X-A: 1\x002\r\n\r\n`, 400],
  ['a line without a colon', `GET TARGET HTTP/1.1\r\n${HOST}nonsense\r\n\r\n`, 400],
  ['an empty name', `GET TARGET HTTP/1.1\r\n${HOST}: 1\r\n\r\n`, 400],
  ['two hosts', `GET TARGET HTTP/1.1\r\n${HOST}Host: y\r\n\r\n`, 400],
  ['no host', `GET TARGET HTTP/1.1\r\n\r\n`, 400],
  ['a host with userinfo', `GET TARGET HTTP/1.1\r\nHost: a@b\r\n\r\n`, 400],
  ['two spaces in the request line', `GET  TARGET HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['a tab in the request line', `GET\tTARGET HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['HTTP/0.9', `GET TARGET\r\n\r\n`, 400],
  ['HTTP/2.0 in a request line', `GET TARGET HTTP/2.0\r\n${HOST}\r\n`, 505],
  ['HTTP/1.2', `GET TARGET HTTP/1.2\r\n${HOST}\r\n`, 505],
  ['a target that is no URL', `GET / HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['userinfo in the target', `GET http://user@127.0.0.1/ HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['another scheme', `GET ftp://127.0.0.1/ HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['a target with a control octet', `GET TARGET\x01 HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['CONNECT without a port', `CONNECT example.org HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['a bad chunk size', `POST TARGET HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
  [
    'a chunk size with a prefix',
    `POST TARGET HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n`,
    400,
  ],
  [
    'a chunk size with a space before it',
    `POST TARGET HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n 1\r\na\r\n0\r\n\r\n`,
    400,
  ],
  [
    'a chunk size that wraps round',
    `POST TARGET HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n100000001\r\na\r\n`,
    400,
  ],
  [
    'a bare LF after a chunk size',
    `POST TARGET HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n`,
    400,
  ],
  [
    'a bare LF in a chunk extension',
    `POST TARGET HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n1;x\ny\r\na\r\n0\r\n\r\n`,
    400,
  ],
  [
    'a chunk longer than its size',
    `POST TARGET HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n`,
    400,
  ],
  [
    'an expectation nobody knows',
    `POST TARGET HTTP/1.1\r\n${HOST}Expect: wonders\r\nContent-Length: 1\r\n\r\na`,
    417,
  ],
  ['a head beyond the limit', `GET TARGET HTTP/1.1\r\n${HOST}X: ${'x'.repeat(9000)}\r\n\r\n`, 431],
  ['a target beyond the limit', `GET TARGET${'x'.repeat(9000)} HTTP/1.1\r\n${HOST}\r\n`, 414],
];

describe('refusals', () => {
  it.each(SHAPES)('%s', async (what, request, status) => {
    const before = stage.exchanges.length;
    const answer = await exchangeRaw(
      stage.proxy.port,
      `${request.replace('TARGET', `${stage.origin}/`)}${line()}\r\n${HOST}\r\n`,
    );
    expect(answer.slice(0, 13)).toBe(`HTTP/1.1 ${status} `);
    expect(answer).toMatch(/Content-Type: application\/problem\+json/);
    // One answer, then the end: what follows a request that cannot be read is no request.
    expect(answer.match(/^HTTP\/1\.1/gm)).toHaveLength(1);
    // A good head goes to the guard before its content is read; a bad head never does.
    if (!what.includes('chunk')) expect(stage.exchanges.length).toBe(before);
  });

  it('empty lines before a request are passed over', async () => {
    expect(
      await exchangeRaw(stage.proxy.port, `\r\n\r\n${line()}\r\n${HOST}Connection: close\r\n\r\n`),
    ).toMatch(/reached$/);
  });

  it('a head that comes octet by octet is read all the same', async () => {
    const socket = dialRaw(stage.proxy.port, '');
    for (const octet of `${line()}\r\n${HOST}Connection: close\r\n\r\n`) {
      socket.write(octet);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await readUntil(socket, () => false)).toMatch(/reached$/);
  });
});

describe('listening', () => {
  it('an address beyond loopback needs users', async () => {
    await expect(openStage(() => undefined, { listen: { host: '0.0.0.0', port: 0 } })).rejects.toMatchObject({
      code: 'config',
    });
  });
});
