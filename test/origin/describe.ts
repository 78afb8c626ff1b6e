/** From a request of node's servers to what a liar knows. */
import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { TLSSocket } from 'node:tls';
import { type Asked, asks } from './asked.ts';
import type { ClientHello } from './client-hello.ts';

export type Request = IncomingMessage | Http2ServerRequest;

export function describeRequest(
  request: Request,
  before: readonly Asked[],
  hellos: ReadonlyMap<string, ClientHello>,
): Asked {
  const { socket } = request;
  const remoteAddress = socket.remoteAddress ?? '';
  const fields = pairs(request.rawHeaders);
  const authority = request.headers[':authority'] ?? request.headers.host ?? '';
  const hello = hellos.get(`${remoteAddress}:${socket.remotePort}`);
  const asked = {
    method: request.method ?? 'GET',
    scheme: hello || socket instanceof TLSSocket ? ('https' as const) : ('http' as const),
    host: String(authority).replace(/:\d+$/, '').toLowerCase(),
    path: request.url ?? '/',
    fields: fields.filter(([name]) => !name.startsWith(':')),
    httpVersion: versionOf(request),
    remoteAddress,
    ...(hello && { hello }),
    at: Date.now(),
  };
  const earlier = before.filter(({ host, path }) => host === asked.host && path === asked.path);
  const agent = asks({ ...asked, visits: 0, asks: 0 }, 'user-agent');
  return {
    ...asked,
    asks: earlier.length,
    visits: earlier.filter((one) => one.remoteAddress === remoteAddress && asks(one, 'user-agent') === agent)
      .length,
  };
}

const versionOf = (request: Request): Asked['httpVersion'] =>
  request.httpVersionMajor === 2 ? '2' : request.httpVersion === '1.0' ? '1.0' : '1.1';

const pairs = (raw: readonly string[]): [string, string][] =>
  Array.from({ length: raw.length / 2 }, (_, at) => [raw[at * 2] ?? '', raw[at * 2 + 1] ?? '']);
