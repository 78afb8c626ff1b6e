/** One HTTP/2 connection: its streams are requests, served side by side. */
import {
  constants,
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Duplex } from 'node:stream';
import type { Fields } from '../domain/exchange.ts';
import type { Bytes, Milliseconds } from '../domain/units.ts';
import { type Connection, PATIENCE } from './connections.ts';
import { Departure } from './departure.ts';
import type { Http1Options } from './http1.ts';
import { Http2Responder } from './http2-responder.ts';
import type { RequestHead, Tunnel } from './message.ts';

/** Request content in flight of one stream: four times the default, so that uploads do not wait for each acknowledgement. */
const STREAM_WINDOW: Bytes = 256 * 1024;
/** Requests side by side on one connection; what browsers and curl open at most. */
const STREAMS = 100;
/** `PRI * HTTP/2.0`, RFC 9113, section 3.4; four octets tell it from every registered method. */
export const PREFACE_START = Buffer.from('PRI ');

/** Serve requests on `socket`, on which a client preface comes, or is pushed back already. */
export function serveHttp2(socket: Duplex, options: Http1Options): void {
  const session = performServerHandshake(socket, {
    settings: { maxConcurrentStreams: STREAMS, initialWindowSize: STREAM_WINDOW, enablePush: false },
    maxHeaderListPairs: 256,
    // Rapid reset, settings and ping floods: Node closes the session beyond these.
    maxSessionInvalidFrames: 100,
    maxSessionRejectedStreams: 100,
    streamResetBurst: 1000,
    streamResetRate: 100,
    maxOutstandingPings: 10,
  });
  new Http2Connection(session, socket, options).start();
}

class Http2Connection implements Connection {
  deadline: Milliseconds;
  readonly #session: ServerHttp2Session;
  readonly #socket: Duplex;
  readonly #options: Http1Options;
  #streams = 0;

  constructor(session: ServerHttp2Session, socket: Duplex, options: Http1Options) {
    this.#session = session;
    this.#socket = socket;
    this.#options = options;
    this.deadline = options.connections.clock() + PATIENCE.idle;
  }

  start(): void {
    const { connections } = this.#options;
    connections.add(this);
    this.#session.on('error', ignore);
    this.#socket.on('error', ignore);
    this.#session.on('close', () => {
      connections.remove(this);
      // The session leaves its socket open where the peer sent GOAWAY first.
      this.#socket.destroy();
    });
    this.#session.on('stream', (stream, headers, flags, rawHeaders) => {
      this.#begin(stream, headers, flags, rawHeaders);
    });
    if (connections.draining) this.drain();
  }

  expire(): void {
    this.#session.close();
    this.deadline = this.#options.connections.clock() + PATIENCE.linger;
    if (this.#session.closed) this.#session.destroy();
  }

  drain(): void {
    this.#session.close();
  }

  destroy(): void {
    this.#session.destroy();
    this.#socket.destroy();
  }

  #begin(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    flags: number,
    raw: readonly string[],
  ): void {
    const { connections, tunnel, serve, header } = this.#options;
    this.#streams += 1;
    this.deadline = Number.POSITIVE_INFINITY;
    const gone = new Departure();
    const head = headOf(headers, raw, tunnel);
    const responder = new Http2Responder(stream);
    stream.on('error', ignore);
    stream.on('close', () => {
      this.#streams -= 1;
      if (this.#streams === 0) this.deadline = connections.clock() + PATIENCE.idle;
      if (!responder.complete) gone.abort();
    });
    // nghttp2 counts each pair with 32 octets of overhead; ours is the plain sum.
    if (raw.reduce((sum, text) => sum + text.length, 0) > header) {
      stream.respond({ ':status': 431 }, { endStream: true });
      return;
    }
    const hasContent = (flags & constants.NGHTTP2_FLAG_END_STREAM) === 0 && head.method !== 'CONNECT';
    const expects = headers.expect?.toLowerCase() === '100-continue';
    let waits = expects && hasContent;
    const answer = (): void => {
      if (waits) responder.interim(100, []);
      waits = false;
    };
    const goAhead = waits ? answer : undefined;
    const content = hasContent ? contentOf(stream, answer) : undefined;
    void serve({ head, tunnel, content, goAhead, signal: gone, responder });
  }
}

function contentOf(stream: ServerHttp2Stream, wanted: () => void): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]: () => {
      wanted();
      // The stream is also the way back: reading less than all must not destroy it.
      return stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
    },
  };
}

/** RFC 9113, section 8.3.1: the pseudo-fields are the request line. `:authority` goes where Host goes. */
function headOf(
  headers: IncomingHttpHeaders,
  raw: readonly string[],
  tunnel: Tunnel | undefined,
): RequestHead {
  const method = headers[':method'] ?? '';
  const path = headers[':path'] ?? '';
  const authority = headers[':authority'] ?? headers.host ?? '';
  const absolute = `${headers[':scheme'] ?? 'http'}://${authority}${path}`;
  return {
    method,
    target: method === 'CONNECT' ? authority : tunnel === undefined ? absolute : path,
    version: '2',
    fields: [['host', authority], ...fieldsOf(raw)],
  };
}

/** RFC 9113, section 8.2.3: crumbs of Cookie become one field again before they reach anything but HTTP/2. */
function fieldsOf(raw: readonly string[]): Fields {
  const fields: Array<readonly [string, string]> = [];
  const crumbs: string[] = [];
  let cookieAt = -1;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    if (name.startsWith(':') || name === 'host') continue;
    if (name !== 'cookie') fields.push([name, value]);
    else {
      if (cookieAt === -1) cookieAt = fields.push([name, value]) - 1;
      crumbs.push(value);
    }
  }
  return cookieAt === -1 ? fields : fields.with(cookieAt, ['cookie', crumbs.join('; ')]);
}

const ignore = (): void => undefined;
