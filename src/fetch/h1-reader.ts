/** Octets of an HTTP/1 connection in, one response out. Knows no socket. */
import { type Bytes, type Fields, ForetasteError } from '../domain/index.ts';
import { framingOf } from './h1-framing.ts';
import { type ParsedHead, parseFields, parseHead } from './h1-head.ts';

/** What a reader tells of. Calls come in the order of the wire. */
export interface ReaderEvents {
  interim(status: number, fields: Fields): void;
  head(head: ParsedHead): void;
  data(chunk: Buffer): void;
  end(trailers: Fields): void;
}

type State = 'head' | 'length' | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'trailers' | 'close' | 'done';

/** Longest chunk-size line with its extensions; nginx and Apache send under 20 octets. */
const LONGEST_CHUNK_LINE: Bytes = 4096;
/** Octets of empty lines that may stand before a status line: some servers leave one after a POST. */
const MOST_SKIPPED: Bytes = 8;
/** Interim responses before the final one; more of them are a way to keep a client waiting for ever. */
const MOST_INTERIM = 32;

const EMPTY = Buffer.alloc(0);
const LAST_LINE = Buffer.from('\n\r\n');
const BARE_LAST_LINE = Buffer.from('\n\n');

/** Reads one response. Methods throw ForetasteError `http-protocol-error`, `http-response-incomplete`. */
export class ResponseReader {
  /** After the end: whether another request may follow on this connection. */
  keepAlive = false;
  #state: State = 'head';
  #held: Buffer = EMPTY;
  #remaining = 0;
  #interim = 0;
  #skipped: Bytes = 0;
  #sloppy = false;
  readonly #method: string;
  readonly #maxHeader: Bytes;
  readonly #events: ReaderEvents;

  constructor(method: string, maxHeader: Bytes, events: ReaderEvents) {
    this.#method = method;
    this.#maxHeader = maxHeader;
    this.#events = events;
  }

  get done(): boolean {
    return this.#state === 'done';
  }

  /** Takes what arrived. Octets after the end of the response make the connection unfit for another. */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0 && this.#state !== 'done') rest = this.#step(rest);
    if (rest.length > 0) this.keepAlive = false;
  }

  /** The origin closed its side. */
  finish(): void {
    if (this.#state === 'done') return;
    if (this.#state === 'close') {
      this.#end([]);
      return;
    }
    throw new ForetasteError(
      'http-response-incomplete',
      this.#state === 'head'
        ? 'Expected a response head but the origin closed the connection.'
        : 'Expected the rest of the content but the origin closed the connection.',
    );
  }

  #step(chunk: Buffer): Buffer {
    switch (this.#state) {
      case 'head':
        return this.#takeHead(chunk);
      case 'length': {
        const taken = this.#pass(chunk);
        if (this.#remaining === 0) this.#end([]);
        return taken;
      }
      case 'close':
        this.#events.data(chunk);
        return EMPTY;
      case 'chunk-size':
        return this.#takeLine(chunk, (line) => this.#startChunk(line));
      case 'chunk-data': {
        const taken = this.#pass(chunk);
        if (this.#remaining === 0) this.#state = 'chunk-end';
        return taken;
      }
      case 'chunk-end':
        return this.#takeLine(chunk, (line) => {
          if (line !== '') throw broken('the end of a chunk', line);
          this.#state = 'chunk-size';
        });
      case 'trailers':
        return this.#takeTrailers(chunk);
      case 'done':
        return chunk;
      default:
        return this.#state satisfies never;
    }
  }

  #pass(chunk: Buffer): Buffer {
    if (chunk.length <= this.#remaining) {
      this.#remaining -= chunk.length;
      this.#events.data(chunk);
      return EMPTY;
    }
    const part = chunk.subarray(0, this.#remaining);
    this.#remaining = 0;
    this.#events.data(part);
    return chunk.subarray(part.length);
  }

  #takeHead(chunk: Buffer): Buffer {
    const held = this.#held.length;
    let buffer = held === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = EMPTY;
    let start = 0;
    while (this.#skipped < MOST_SKIPPED && (buffer[start] === 0x0d || buffer[start] === 0x0a)) {
      start += 1;
      this.#skipped += 1;
      this.#sloppy = true;
    }
    if (start > 0) buffer = buffer.subarray(start);
    const end = headEnd(buffer, Math.max(0, held - start - 3));
    if ((end === undefined ? buffer.length : end.text.length) > this.#maxHeader) {
      throw new ForetasteError(
        'http-protocol-error',
        `Expected a response head of at most ${this.#maxHeader} octets but it goes on.`,
      );
    }
    if (end === undefined) {
      this.#held = buffer;
      return EMPTY;
    }
    if (end.lenient) this.#sloppy = true;
    this.#startContent(parseHead(end.text));
    return buffer.subarray(end.next);
  }

  #startContent(parsed: ParsedHead): void {
    if (parsed.status < 200 && parsed.status !== 101) {
      this.#interim += 1;
      if (this.#interim > MOST_INTERIM) throw broken('a final response', `${this.#interim} interim ones`);
      this.#events.interim(parsed.status, parsed.fields);
      return;
    }
    if (parsed.status === 101) throw broken('a response', '101 Switching Protocols that was not asked for');
    const head = this.#sloppy ? { ...parsed, sloppy: true } : parsed;
    const framing = framingOf(this.#method, head);
    this.keepAlive = framing.keepAlive;
    this.#events.head(head);
    switch (framing.content.by) {
      case 'length':
        this.#remaining = framing.content.length;
        this.#state = 'length';
        if (this.#remaining === 0) this.#end([]);
        return;
      case 'chunks':
        this.#state = 'chunk-size';
        return;
      case 'close':
        this.#state = 'close';
        return;
      default:
        framing.content satisfies never;
    }
  }

  #startChunk(line: string): void {
    const size = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line)?.[1];
    if (size === undefined) throw broken('a chunk size', line);
    this.#remaining = Number.parseInt(size, 16);
    this.#state = this.#remaining === 0 ? 'trailers' : 'chunk-data';
  }

  /** A line may end in a bare LF here too: lenient with the origin, whose connection is then closed. */
  #takeLine(chunk: Buffer, use: (line: string) => void): Buffer {
    const end = chunk.indexOf(0x0a);
    const part = end === -1 ? chunk : chunk.subarray(0, end);
    if (this.#held.length + part.length > LONGEST_CHUNK_LINE) throw broken('a chunk size', 'a longer line');
    if (end === -1) {
      this.#held = Buffer.concat([this.#held, part]);
      return EMPTY;
    }
    const raw = this.#held.toString('latin1') + part.toString('latin1');
    this.#held = EMPTY;
    if (!raw.endsWith('\r')) this.keepAlive = false;
    use(raw.endsWith('\r') ? raw.slice(0, -1) : raw);
    return chunk.subarray(end + 1);
  }

  #takeTrailers(chunk: Buffer): Buffer {
    const buffer = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = EMPTY;
    const empty = buffer[0] === 0x0a ? 1 : buffer[0] === 0x0d && buffer[1] === 0x0a ? 2 : 0;
    if (empty > 0) {
      this.#end([]);
      return buffer.subarray(empty);
    }
    const end = headEnd(buffer, 0);
    if ((end === undefined ? buffer.length : end.text.length) > this.#maxHeader)
      throw broken('trailers', 'longer ones');
    if (end === undefined) {
      this.#held = buffer;
      return EMPTY;
    }
    const { fields, sloppy } = parseFields(end.text);
    if (sloppy) this.keepAlive = false;
    this.#end(fields);
    return buffer.subarray(end.next);
  }

  #end(trailers: Fields): void {
    this.#state = 'done';
    this.#events.end(trailers);
  }
}

/** A head: its lines, each with its end, where what follows begins, and whether its last line was a bare LF. */
function headEnd(buffer: Buffer, from: number): { text: string; next: number; lenient: boolean } | undefined {
  const strict = buffer.indexOf(LAST_LINE, from);
  if (strict === -1) {
    const bare = buffer.indexOf(BARE_LAST_LINE, from);
    return bare === -1
      ? undefined
      : { text: buffer.toString('latin1', 0, bare + 1), next: bare + 2, lenient: true };
  }
  const text = buffer.toString('latin1', 0, strict + 1);
  const bare = text.indexOf('\n\n', from);
  return bare === -1
    ? { text, next: strict + 3, lenient: false }
    : { text: text.slice(0, bare + 1), next: bare + 2, lenient: true };
}

const broken = (expected: string, received: string): ForetasteError =>
  new ForetasteError(
    'http-protocol-error',
    `Expected ${expected} but received ${JSON.stringify(received.slice(0, 80))}.`,
  );
