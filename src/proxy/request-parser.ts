/** HTTP/1 requests out of octets: push octets in, take events out. Touches no socket and no clock. */
import type { Fields } from '../domain/exchange.ts';
import type { Bytes } from '../domain/units.ts';
import type { RequestHead } from './message.ts';
import { type Framing, parseFields, parseHead, quote, type Refusal, refuse } from './request-head.ts';

export type RequestEvent =
  | { readonly kind: 'head'; readonly head: RequestHead; readonly framing: Framing }
  | { readonly kind: 'content'; readonly bytes: Buffer }
  /** Content is complete; the next event belongs to the next request. */
  | { readonly kind: 'end'; readonly trailers: Fields }
  | Refusal;

/**
 * RFC 9112, section 7.1.1, without the blanks that it tolerates. A chunk's size has at most 8 hexadecimal digits: 4 GiB in
 * one chunk, below 2^53 in every sum.
 */
const CHUNK_LINE =
  /^([0-9A-Fa-f]{1,8})(?:;[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:=(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+|"(?:[\t\x20\x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t\x20-\x7e\x80-\xff])*"))?)*$/;
/** Octets of one chunk line, and of all chunk extensions of one message: nobody needs them, and they cost (CVE-2024-22019). */
const CHUNK_LINE_LIMIT: Bytes = 1024;
const EXTENSIONS_LIMIT: Bytes = 16 * 1024;
/** Empty lines passed over before a request line (RFC 9112, section 2.2: at least one). */
const EMPTY_LINES_LIMIT = 4;

const CR = 0x0d;
const LF = 0x0a;
const HEAD_END = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);
const NO_TRAILERS: Fields = [];

type State = 'head' | 'length' | 'chunk-line' | 'chunk' | 'chunk-end' | 'trailers' | 'end' | 'refused';

export class RequestParser {
  readonly #headerLimit: Bytes;
  #buffer: Buffer = NOTHING;
  #at = 0;
  #state: State = 'head';
  /** Octets of content, or of the present chunk, that are still to come. */
  #left = 0;
  #extensions: Bytes = 0;
  #emptyLines = 0;
  #trailers: Fields = NO_TRAILERS;
  #refusal: Refusal = refuse(400, '');

  /** `headerLimit`: most octets of a head, and of a trailer section. */
  constructor(headerLimit: Bytes) {
    this.#headerLimit = headerLimit;
  }

  push(chunk: Buffer): void {
    this.#buffer = this.buffered === 0 ? chunk : Buffer.concat([this.#buffer.subarray(this.#at), chunk]);
    this.#at = 0;
  }

  /** Octets that were pushed and not taken yet. */
  get buffered(): Bytes {
    return this.#buffer.length - this.#at;
  }

  /** Between requests: nothing of a next one has been taken. */
  get idle(): boolean {
    return this.#state === 'head';
  }

  /** All content has been taken; the next event is `end`, and is there already. */
  get complete(): boolean {
    return this.#state === 'end';
  }

  /** What was pushed and not taken; afterwards the parser is empty. For connections that stop being HTTP. */
  rest(): Buffer {
    const rest = this.#buffer.subarray(this.#at);
    this.#buffer = NOTHING;
    this.#at = 0;
    return rest;
  }

  /** The next event; undefined until more octets come. After a refusal it is the refusal for ever. */
  next(): RequestEvent | undefined {
    for (;;) {
      switch (this.#state) {
        case 'head':
          return this.#head();
        case 'length':
        case 'chunk':
          return this.#content();
        case 'chunk-line': {
          const event = this.#chunkLine();
          if (event !== 'again') return event;
          break;
        }
        case 'chunk-end': {
          if (this.buffered < 2) return undefined;
          if (this.#buffer[this.#at] !== CR || this.#buffer[this.#at + 1] !== LF) {
            return this.#refuse(refuse(400, 'Expected CRLF after a chunk.'));
          }
          this.#at += 2;
          this.#state = 'chunk-line';
          break;
        }
        case 'trailers': {
          const event = this.#trailerSection();
          if (event !== 'again') return event;
          break;
        }
        case 'end': {
          this.#state = 'head';
          this.#extensions = 0;
          this.#emptyLines = 0;
          const trailers = this.#trailers;
          this.#trailers = NO_TRAILERS;
          return { kind: 'end', trailers };
        }
        case 'refused':
          return this.#refusal;
        default:
          return this.#state satisfies never;
      }
    }
  }

  #head(): RequestEvent | undefined {
    while (this.buffered >= 2 && this.#buffer[this.#at] === CR && this.#buffer[this.#at + 1] === LF) {
      this.#at += 2;
      this.#emptyLines += 1;
      if (this.#emptyLines > EMPTY_LINES_LIMIT)
        return this.#refuse(refuse(400, 'Expected a request but received empty lines.'));
    }
    if (this.buffered === 0) return undefined;
    const end = this.#buffer.indexOf(HEAD_END, this.#at);
    if (end === -1 || end - this.#at > this.#headerLimit) return this.#unfinished('request head');
    const parsed = parseHead(this.#buffer.toString('latin1', this.#at, end));
    if ('kind' in parsed) return this.#refuse(parsed);
    this.#at = end + HEAD_END.length;
    if (parsed.framing === 'chunked') this.#state = 'chunk-line';
    else {
      this.#left = parsed.framing;
      this.#state = this.#left > 0 ? 'length' : 'end';
    }
    return { kind: 'head', head: parsed.head, framing: parsed.framing };
  }

  /** A section whose end has not come: too long, broken already, or to be waited for. */
  #unfinished(what: string): Refusal | undefined {
    if (this.buffered > this.#headerLimit) {
      const lineEnd = this.#buffer.indexOf(LF, this.#at);
      const inRequestLine =
        what === 'request head' && (lineEnd === -1 || lineEnd - this.#at > this.#headerLimit);
      return this.#refuse(
        refuse(inRequestLine ? 414 : 431, `Expected a ${what} of at most ${this.#headerLimit} octets.`),
      );
    }
    for (let lf = this.#buffer.indexOf(LF, this.#at); lf !== -1; lf = this.#buffer.indexOf(LF, lf + 1)) {
      if (lf === this.#at || this.#buffer[lf - 1] !== CR) {
        return this.#refuse(
          refuse(400, `Expected CRLF at the end of each line of a ${what} but received LF.`),
        );
      }
    }
    return undefined;
  }

  #content(): RequestEvent | undefined {
    const size = Math.min(this.#left, this.buffered);
    if (size === 0) return undefined;
    const bytes = this.#buffer.subarray(this.#at, this.#at + size);
    this.#at += size;
    this.#left -= size;
    if (this.#left === 0) this.#state = this.#state === 'length' ? 'end' : 'chunk-end';
    return { kind: 'content', bytes };
  }

  #chunkLine(): Refusal | 'again' | undefined {
    const lf = this.#buffer.indexOf(LF, this.#at);
    if (lf === -1) {
      if (this.buffered > CHUNK_LINE_LIMIT)
        return this.#refuse(refuse(400, 'Expected a chunk size but received a long line.'));
      return undefined;
    }
    const line = this.#buffer.toString('latin1', this.#at, lf);
    const size = line.endsWith('\r') ? CHUNK_LINE.exec(line.slice(0, -1))?.[1] : undefined;
    if (size === undefined || line.length > CHUNK_LINE_LIMIT) {
      return this.#refuse(refuse(400, `Expected a chunk size but received ${quote(line)}.`));
    }
    this.#extensions += line.length - 1 - size.length;
    if (this.#extensions > EXTENSIONS_LIMIT)
      return this.#refuse(refuse(400, 'Expected fewer chunk extensions.'));
    this.#at = lf + 1;
    this.#left = Number.parseInt(size, 16);
    this.#state = this.#left > 0 ? 'chunk' : 'trailers';
    return 'again';
  }

  #trailerSection(): Refusal | 'again' | undefined {
    if (this.buffered >= 2 && this.#buffer[this.#at] === CR && this.#buffer[this.#at + 1] === LF) {
      this.#at += 2;
      this.#state = 'end';
      return 'again';
    }
    const end = this.#buffer.indexOf(HEAD_END, this.#at);
    if (end === -1 || end - this.#at > this.#headerLimit) return this.#unfinished('trailer section');
    const trailers = parseFields(this.#buffer.toString('latin1', this.#at, end));
    if ('kind' in trailers) return this.#refuse(trailers);
    this.#at = end + HEAD_END.length;
    this.#trailers = trailers;
    this.#state = 'end';
    return 'again';
  }

  #refuse(refusal: Refusal): Refusal {
    this.#refusal = refusal;
    this.#state = 'refused';
    return refusal;
  }
}
