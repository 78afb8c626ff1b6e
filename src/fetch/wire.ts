/** One request as it goes out, and the sink for what comes back: what the HTTP/1.1 and HTTP/2 clients have in common. */
import {
  type Bytes,
  type Capture,
  type Fields,
  ForetasteError,
  type Profile,
  type Signal,
} from '../domain/index.ts';
import type { Target } from './target.ts';

export interface WireRequest {
  readonly method: string;
  readonly target: Target;
  /** All of them, in order, `Host` among them; framing is added by the client that writes. */
  readonly fields: Fields;
  /** Fields that go over one version of HTTP only, by lower-case name. */
  readonly only?: Profile['only'];
  readonly content?: AsyncIterable<Uint8Array>;
  /** Announced length of `content`; without one it is chunked. */
  readonly contentLength?: Bytes;
  /** Content waits for a 100 (RFC 9110, section 10.1.1). */
  readonly expectContinue: boolean;
}

export type Head = Pick<Capture, 'status' | 'reason' | 'httpVersion' | 'fields'>;

/** The hold that a sink has on the origin. */
export interface Flow {
  pause(): void;
  resume(): void;
  /** Takes no more; the connection is closed. */
  abort(): void;
}

/** Takes one response: any `interim`, then `begin`, `data` and `end`; or `fail` at any point. Nothing follows the last two. */
export interface Sink {
  interim(status: number, fields: Fields): void;
  begin(head: Head, flow: Flow): void;
  data(chunk: Uint8Array): void;
  end(trailers: Fields): void;
  fail(error: ForetasteError): void;
}

/** Sends requests for one identity, over connections that no other identity uses. */
export interface Client {
  /** Never throws: whatever happens, the sink is told. */
  send(request: WireRequest, sink: Sink, signal: Signal): void;
  close(): void;
}

/** Whether a status or method has no content, whatever the fields announce (RFC 9112, section 6.3). */
export const isBodyless = (method: string, status: number): boolean =>
  method === 'HEAD' || status === 204 || status === 304 || status < 200;

/** What became of a request. `stale`: a reused connection turned out to be closed, nothing was received, the sink was not told. */
export type Outcome = 'reusable' | 'closed' | 'stale';

/** Why a request ended before its answer: the reason of its signal. */
export const givenUp = (signal: Signal): ForetasteError =>
  signal.reason instanceof ForetasteError
    ? signal.reason
    : new ForetasteError('connection-terminated', 'The request was given up before it was answered.');
