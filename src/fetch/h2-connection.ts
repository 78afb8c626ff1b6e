/** One HTTP/2 connection to an origin: all requests of an identity to it, side by side. */
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import type { Socket } from 'node:net';
import {
  type Fields,
  ForetasteError,
  type Limits,
  type Milliseconds,
  type Profile,
  type Signal,
} from '../domain/index.ts';
import type { Patience } from './h1-connection.ts';
import { givenUp, type Outcome, type Sink, type WireRequest } from './wire.ts';

/** A session without requests is closed after 30 s; browsers keep theirs for minutes, origins allow about one. */
const KEEP_SESSION: Milliseconds = 30_000;
/** What is offered where a profile says nothing: no push, and a stream window that a 10 ms round trip can fill at 800 Mbit/s. */
const SETTINGS = { enablePush: false, initialWindowSize: 1 << 20 };
const WINDOW = 16 << 20;

/** Fields of HTTP/1 connections, which HTTP/2 forbids (RFC 9113, section 8.2.2). */
const FORBIDDEN = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'host',
  'http2-settings',
]);

export class H2Connection {
  readonly #session: ClientHttp2Session;
  readonly #patience: Patience;
  readonly #pseudo: string;
  #open = true;
  #served = 0;

  constructor(
    socket: Socket,
    options: { h2: Profile['h2']; limits: Pick<Limits, 'header'>; patience: Patience },
  ) {
    const { h2 } = options;
    this.#patience = options.patience;
    this.#pseudo = h2?.pseudo ?? 'masp';
    this.#session = connect('https://origin.invalid', {
      createConnection: () => socket,
      settings: h2?.settings ?? SETTINGS,
      maxHeaderListPairs: 512,
    });
    this.#session.setLocalWindowSize(h2?.window ?? WINDOW);
    this.#session.on('close', () => this.#retire());
    this.#session.on('goaway', () => this.#retire());
    this.#session.on('error', () => this.#retire());
    this.#session.setTimeout(KEEP_SESSION, () => this.#session.close());
  }

  get usable(): boolean {
    return this.#open && !this.#session.destroyed && !this.#session.closed;
  }

  /** `done` is called after the sink's last call, or without one when the outcome is `stale`. */
  run(
    request: WireRequest,
    sink: Sink,
    signal: Signal,
    retry: boolean,
    done: (outcome: Outcome) => void,
  ): void {
    const stream = this.#session.request(this.#head(request), {
      endStream: request.content === undefined,
    });
    let headed = false;
    let trailers: Fields = [];
    let failure: ForetasteError | undefined;
    const fail = (error: ForetasteError): void => {
      failure ??= error;
      stream.close(constants.NGHTTP2_CANCEL);
    };
    const onAbort = (): void => fail(givenUp(signal));
    const silent = (): void =>
      fail(
        new ForetasteError(
          'connection-read-timeout',
          'Expected the origin to go on answering but it fell silent.',
        ),
      );
    signal.addEventListener('abort', onAbort);
    stream.setTimeout(this.#patience.head, silent);

    const goAhead = Promise.withResolvers<void>();
    stream.on('continue', () => {
      goAhead.resolve();
      sink.interim(100, []);
    });
    stream.on('headers', (headers, _flags, raw) => {
      sink.interim(Number(headers[':status']), fieldsOf(raw));
    });
    stream.on('response', (headers, _flags, raw) => {
      headed = true;
      goAhead.resolve();
      stream.setTimeout(this.#patience.idle, silent);
      const head = {
        status: Number(headers[':status']),
        reason: '',
        httpVersion: '2',
        fields: fieldsOf(raw),
      } as const;
      sink.begin(head, {
        pause: () => {
          stream.setTimeout(0);
          stream.pause();
        },
        resume: () => {
          stream.setTimeout(this.#patience.idle, silent);
          stream.resume();
        },
        abort: () => stream.close(constants.NGHTTP2_CANCEL),
      });
    });
    stream.on('trailers', (_headers, _flags, raw) => {
      trailers = fieldsOf(raw);
    });
    let whole = false;
    stream.on('data', (chunk: Buffer) => sink.data(chunk));
    stream.on('end', () => {
      whole = headed && stream.rstCode === constants.NGHTTP2_NO_ERROR;
    });
    stream.on('error', (error) => {
      failure ??= new ForetasteError(
        headed ? 'http-response-incomplete' : 'http-protocol-error',
        `Expected an HTTP/2 response but received ${error.message}.`,
        { cause: error },
      );
    });
    stream.on('close', () => {
      signal.removeEventListener('abort', onAbort);
      goAhead.resolve();
      if (whole && failure === undefined && stream.rstCode === constants.NGHTTP2_NO_ERROR) {
        this.#served += 1;
        sink.end(trailers);
        return done('reusable');
      }
      const refused =
        stream.rstCode === constants.NGHTTP2_REFUSED_STREAM || (!this.usable && this.#served > 0);
      if (retry && refused && !headed && !signal.aborted) {
        this.#retire();
        return done('stale');
      }
      sink.fail(
        failure ??
          new ForetasteError(
            headed ? 'http-response-incomplete' : 'connection-terminated',
            `Expected an HTTP/2 response but the stream ended with code ${stream.rstCode}.`,
          ),
      );
      done('closed');
    });
    if (signal.aborted) onAbort();
    if (request.content !== undefined) {
      pump(request, stream, goAhead.promise).catch((error: unknown) => {
        fail(
          new ForetasteError('bad-request', `Sending content failed: ${String(error)}.`, { cause: error }),
        );
      });
    }
  }

  destroy(): void {
    this.#open = false;
    this.#session.destroy();
  }

  #retire(): void {
    this.#open = false;
    this.#session.close();
  }

  /** Pseudo-header fields in the order of the profile, then the fields in theirs; as a flat list, which keeps both. */
  #head({ method, target, fields, only }: WireRequest): string[] {
    const pseudo: Readonly<Record<string, readonly [string, string]>> = {
      m: [':method', method],
      a: [':authority', target.authority],
      s: [':scheme', target.secure ? 'https' : 'http'],
      p: [':path', target.path],
    };
    const flat = [...this.#pseudo].flatMap((letter) => pseudo[letter] ?? []);
    for (const [name, value] of fields) {
      const lower = name.toLowerCase();
      if (FORBIDDEN.has(lower) || only?.[lower] === 'h1' || (lower === 'te' && value !== 'trailers'))
        continue;
      flat.push(lower, value);
    }
    return flat;
  }
}

async function pump(request: WireRequest, stream: ClientHttp2Stream, goAhead: Promise<void>): Promise<void> {
  if (request.expectContinue)
    await Promise.race([goAhead, new Promise((done) => setTimeout(done, 1_000).unref())]);
  for await (const piece of request.content ?? []) {
    if (stream.destroyed || stream.closed) return;
    if (!stream.write(piece)) {
      await new Promise<void>((resolve) => {
        stream.once('drain', resolve).once('close', resolve);
      });
    }
  }
  stream.end();
}

/** Node's flat list of names and values without pseudo-header fields. */
function fieldsOf(raw: readonly string[]): Fields {
  const fields: Array<readonly [string, string]> = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at], raw[at + 1]];
    if (!name.startsWith(':')) fields.push([name, value.trim()]);
  }
  return fields;
}
