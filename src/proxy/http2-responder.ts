/** Writes the answer to one HTTP/2 request. */
import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { ForetasteError } from '../domain/error.ts';
import type { Fields } from '../domain/exchange.ts';
import { PATIENCE } from './connections.ts';
import type { AnswerHead, Responder } from './message.ts';

export class Http2Responder implements Responder {
  begun = false;
  /** Everything has been handed to the stream; its close is no loss. */
  complete = false;
  readonly #stream: ServerHttp2Stream;
  #trailers: Fields = [];

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream;
  }

  interim(status: number, fields: Fields): void {
    if (this.begun || this.#gone) return;
    this.#stream.additionalHeaders({ ...headersOf(fields), ':status': status });
  }

  whole(head: AnswerHead, content: Uint8Array): void {
    if (this.begun || this.#gone) return;
    this.complete = true;
    const empty = head.content === 'none' || content.length === 0;
    this.#respond(head, { endStream: empty });
    if (!empty) this.#stream.end(content);
    this.#discard();
  }

  begin(head: AnswerHead): void {
    if (this.begun || this.#gone) return;
    if (head.content === 'none') {
      this.#respond(head, { endStream: true });
      return;
    }
    const trailers = head.content === 'unknown';
    this.#respond(head, { waitForTrailers: trailers });
    // Empty ones too: they become the end of the stream, which closing it here does not (Go waits for it for ever).
    if (trailers) this.#stream.on('wantTrailers', () => this.#stream.sendTrailers(headersOf(this.#trailers)));
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.complete || bytes.length === 0) return undefined;
    if (this.#gone) return Promise.reject(clientGone());
    return this.#stream.write(bytes) ? undefined : this.#writable();
  }

  end(trailers: Fields): void {
    if (this.complete) return;
    this.complete = true;
    this.#trailers = trailers;
    if (this.#gone) return;
    this.#stream.end();
    this.#discard();
  }

  cut(): void {
    if (this.complete) return;
    this.complete = true;
    if (!this.#gone) this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  detach(head: AnswerHead): Duplex | undefined {
    if (this.begun || this.#gone) return undefined;
    this.complete = true;
    this.#respond(head, {});
    return this.#stream;
  }

  get #gone(): boolean {
    return this.#stream.destroyed || this.#stream.closed;
  }

  #respond(head: AnswerHead, options: { endStream?: boolean; waitForTrailers?: boolean }): void {
    this.begun = true;
    // Node knows sendDate, its types do not: a Date that the origin did not send is not added.
    const all = { ...options, sendDate: false };
    this.#stream.respond({ ...headersOf(head.fields), ':status': head.status }, all);
  }

  /** Content of a request that nobody reads any more would keep the stream open. */
  #discard(): void {
    if (!this.#stream.readableEnded) this.#stream.resume();
  }

  #writable(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stream = this.#stream;
    const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), PATIENCE.stalled);
    const settle = (): void => {
      clearTimeout(timer);
      stream.off('drain', settle).off('close', settle);
      if (this.#gone) reject(clientGone());
      else resolve();
    };
    stream.on('drain', settle).on('close', settle);
    return promise;
  }
}

const clientGone = (): ForetasteError => new ForetasteError('connection-terminated', 'The client has gone.');

const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** RFC 9113, section 8.2.1: no blanks around values, no line breaks in them. */
const BREAKING = /[\r\n\0]/;

/** Names in lower case, several values under one name kept apart and in order. */
function headersOf(fields: Fields): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    if (!NAME.test(key) || BREAKING.test(value)) continue;
    const before = headers[key];
    if (before === undefined) headers[key] = value.trim();
    // Node refuses two values under names that have one; a client takes the first in any case.
    else if (!SINGLE.has(key)) headers[key] = [...(Array.isArray(before) ? before : [before]), value.trim()];
  }
  return headers;
}

/** node:http2, kSingleValueFields, as far as responses carry them. */
const SINGLE = new Set(
  'access-control-allow-credentials access-control-max-age age content-encoding content-language content-length content-location content-md5 content-range content-type date dnt etag expires last-modified location retry-after tk x-content-type-options'.split(
    ' ',
  ),
);
