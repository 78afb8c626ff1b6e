/** One HTTP/1 response out of octets, however they are cut. */
import { describe, expect, it } from 'vitest';
import { ForetasteError } from '../../src/domain/index.ts';
import { ResponseReader } from '../../src/fetch/h1-reader.ts';

interface Told {
  interim: number[];
  status: number;
  fields: string[];
  content: string;
  trailers: string[];
  ended: boolean;
  keepAlive: boolean;
  error: string | undefined;
}

const line = ([name, value]: readonly [string, string]): string => `${name}: ${value}`;

function readAll(wire: string, { method = 'GET', piece = wire.length, closes = false } = {}): Told {
  const told: Told = {
    interim: [],
    status: 0,
    fields: [],
    content: '',
    trailers: [],
    ended: false,
    keepAlive: false,
    error: undefined,
  };
  const reader = new ResponseReader(method, 65_536, {
    interim: (status) => told.interim.push(status),
    head: (head) => {
      told.status = head.status;
      told.fields = head.fields.map(line);
    },
    data: (chunk) => {
      told.content += chunk.toString('latin1');
    },
    end: (trailers) => {
      told.ended = true;
      told.trailers = trailers.map(line);
    },
  });
  const octets = Buffer.from(wire, 'latin1');
  try {
    for (let at = 0; at < octets.length; at += piece) reader.push(octets.subarray(at, at + piece));
    if (closes) reader.finish();
  } catch (error) {
    if (!(error instanceof ForetasteError)) throw error;
    told.error = error.code;
  }
  told.keepAlive = reader.keepAlive;
  return told;
}

const OK = 'HTTP/1.1 200 OK\r\n';

/** Name, wire, what must come of it. `closes`: the origin closes after it. */
const SOUND: ReadonlyArray<readonly [string, string, Partial<Told>, { method?: string; closes?: boolean }?]> =
  [
    [
      'Content-Length',
      `${OK}Content-Length: 5\r\n\r\nhello`,
      { content: 'hello', ended: true, keepAlive: true },
    ],
    [
      'chunks',
      `${OK}Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;ext=1\r\nlo\r\n0\r\n\r\n`,
      { content: 'hello', keepAlive: true },
    ],
    [
      'trailers',
      `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nDigest: a\r\nB: c\r\n\r\n`,
      { trailers: ['Digest: a', 'B: c'], ended: true, keepAlive: true },
    ],
    [
      'the end of the connection',
      `${OK}\r\nhello`,
      { content: 'hello', ended: true, keepAlive: false },
      { closes: true },
    ],
    [
      'HTTP/1.0',
      'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx',
      { content: 'x', ended: true, keepAlive: false },
    ],
    [
      'HTTP/1.0 with keep-alive',
      'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\nx',
      { keepAlive: true },
    ],
    [
      'Connection: close',
      `${OK}Connection: close\r\nContent-Length: 0\r\n\r\n`,
      { ended: true, keepAlive: false },
    ],
    [
      '304 with Content-Length',
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n',
      { status: 304, content: '', ended: true, keepAlive: true },
    ],
    [
      '204 with Content-Length',
      'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n',
      { status: 204, ended: true },
    ],
    [
      'HEAD with Content-Length',
      `${OK}Content-Length: 5\r\n\r\n`,
      { ended: true, keepAlive: true },
      { method: 'HEAD' },
    ],
    [
      '100 and 103 before the answer',
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}Content-Length: 1\r\n\r\nx`,
      { interim: [100, 103], status: 200, content: 'x', ended: true },
    ],
  ];

/** Servers that are wrong about form, whose content is clear all the same. None of their connections is used again. */
const SLOPPY: ReadonlyArray<readonly [string, string, Partial<Told>]> = [
  ['bare LF', 'HTTP/1.1 200 OK\nContent-Length: 5\n\nhello', { content: 'hello', ended: true }],
  ['LF for the empty line only', `${OK}Content-Length: 5\r\n\nhello`, { content: 'hello', ended: true }],
  [
    'a space before the colon',
    `${OK}Content-Length : 5\r\n\r\nhello`,
    { fields: ['Content-Length: 5'], content: 'hello' },
  ],
  [
    'a space in a name',
    `${OK}Bad Name: 1\r\nContent-Length: 1\r\n\r\nx`,
    { fields: ['Content-Length: 1'], content: 'x' },
  ],
  [
    'a control character in a value',
    `${OK}X: a\x01b\r\nContent-Length: 1\r\n\r\nx`,
    { fields: ['X: a b', 'Content-Length: 1'] },
  ],
  [
    'a lone CR in a value',
    `${OK}X: a\rSet-Cookie: b\r\nContent-Length: 1\r\n\r\nx`,
    { fields: ['X: a Set-Cookie: b', 'Content-Length: 1'] },
  ],
  [
    'a folded line',
    `${OK}X: a\r\n b\r\nContent-Length: 1\r\n\r\nx`,
    { fields: ['X: a b', 'Content-Length: 1'] },
  ],
  [
    'a line without a colon',
    `${OK}nonsense\r\nContent-Length: 1\r\n\r\nx`,
    { fields: ['Content-Length: 1'], content: 'x' },
  ],
  [
    'Content-Length twice, the same',
    `${OK}Content-Length: 1\r\nContent-Length: 1\r\n\r\nx`,
    { content: 'x', ended: true },
  ],
  [
    'Content-Length and chunks',
    `${OK}Content-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`,
    { content: 'x', ended: true },
  ],
  ['a lower-case version', 'http/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx', { status: 200, content: 'x' }],
  ['no reason phrase', 'HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx', { status: 200, content: 'x' }],
  [
    'an empty line before the status line',
    `\r\n${OK}Content-Length: 1\r\n\r\nx`,
    { status: 200, content: 'x' },
  ],
  [
    'bare LF after chunk sizes',
    `${OK}Transfer-Encoding: chunked\r\n\r\n1\nx\n0\n\n`,
    { content: 'x', ended: true },
  ],
  ['octets after the end', `${OK}Content-Length: 1\r\n\r\nxyz`, { content: 'x', ended: true }],
  ['an unnamed status', 'HTTP/1.1 599 \r\nContent-Length: 0\r\n\r\n', { status: 599, ended: true }],
  ['an LF line before CRLF ones', `${OK}\n\r\n\r\n`, { content: '\r\n\r\n' }],
];

const BROKEN: ReadonlyArray<readonly [string, string, string, { closes?: boolean }?]> = [
  ['no status line', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 'http-protocol-error'],
  ['two lengths', `${OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx`, 'http-protocol-error'],
  ['a signed length', `${OK}Content-Length: +3\r\n\r\nabc`, 'http-protocol-error'],
  ['a negative length', `${OK}Content-Length: -1\r\n\r\n`, 'http-protocol-error'],
  ['an unknown transfer coding', `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n`, 'http-protocol-error'],
  ['a bad chunk size', `${OK}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`, 'http-protocol-error'],
  ['a chunk size with a sign', `${OK}Transfer-Encoding: chunked\r\n\r\n+1\r\nx\r\n`, 'http-protocol-error'],
  [
    'a chunk longer than it says',
    `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n`,
    'http-protocol-error',
  ],
  [
    'a chunk size of more than 12 digits',
    `${OK}Transfer-Encoding: chunked\r\n\r\n1000000000000\r\n`,
    'http-protocol-error',
  ],
  [
    '101 that nobody asked for',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n',
    'http-protocol-error',
  ],
  ['interim responses without end', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(40), 'http-protocol-error'],
  ['nine octets of empty lines', `\r\n\r\r\n\r\n\r\n${OK}\r\n`, 'http-protocol-error'],
  ['a head without end', `${OK}${'X: y\r\n'.repeat(12_000)}`, 'http-protocol-error'],
  ['a close in the head', 'HTTP/1.1 200 O', 'http-response-incomplete', { closes: true }],
  [
    'a close in the content',
    `${OK}Content-Length: 5\r\n\r\nhe`,
    'http-response-incomplete',
    { closes: true },
  ],
  [
    'a close between chunks',
    `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n`,
    'http-response-incomplete',
    { closes: true },
  ],
  [
    'a close before the last empty line',
    `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n`,
    'http-response-incomplete',
    { closes: true },
  ],
];

describe.each([1, 2, 7, 100_000])('in pieces of %d octets', (piece) => {
  it.each(SOUND.map(([name, wire, expected, how = {}]) => [name, wire, expected, how] as const))(
    'a response by %s is whole',
    (_name, wire, expected, how) => {
      expect(readAll(wire, { piece, ...how })).toMatchObject({ error: undefined, ...expected });
    },
  );

  it.each(SLOPPY)('%s is forgiven once', (_name, wire, expected) => {
    expect(readAll(wire, { piece })).toMatchObject({ error: undefined, ...expected });
  });

  it.each(BROKEN.map(([name, wire, error, how = {}]) => [name, wire, error, how] as const))(
    '%s is refused',
    (_name, wire, error, how) => {
      expect(readAll(wire, { piece, ...how }).error).toBe(error);
    },
  );
});

it.each(
  SLOPPY.filter(
    ([name]) => !['no reason phrase', 'a lower-case version', 'an unnamed status'].includes(name),
  ),
)('the connection of %s is not used again', (_name, wire) => {
  expect(readAll(wire).keepAlive).toBe(false);
});

it('a head of 40 KB is read', () => {
  const big = 'y'.repeat(40_000);
  expect(readAll(`${OK}X: ${big}\r\nContent-Length: 1\r\n\r\nx`)).toMatchObject({
    content: 'x',
    ended: true,
  });
});
