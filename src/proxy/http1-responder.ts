/** Writes the answer to one HTTP/1 request: one write where it can, chunks where it must. */
import type { Duplex } from 'node:stream';
import type { Fields } from '../domain/exchange.ts';
import type { Bytes } from '../domain/units.ts';
import { chunkStart, headText, joinHead, lastChunk } from './http1-writer.ts';
import type { AnswerHead, RequestHead, Responder } from './message.ts';

/** The connection, as its answers see it. */
export interface Http1Carrier {
  readonly socket: Duplex;
  readonly gone: boolean;
  persists(head: RequestHead): boolean;
  writable(): Promise<void>;
  /** The answer is complete. */
  finish(persists: boolean): void;
  /** Close without an end; `reset` where a mere close would look like one. */
  cut(reset: boolean): void;
  release(): Duplex;
}

/** Copying content behind its head costs less than a second buffer in one write, up to about here (measured: npm run bench -- proxy). */
const COPIED: Bytes = 64 * 1024;

export class Http1Responder implements Responder {
  begun = false;
  readonly #carrier: Http1Carrier;
  /** Absent where the request could not be read. */
  readonly #request: RequestHead | undefined;
  #persists = false;
  #chunked = false;
  #untilClose = false;
  #ended = false;

  constructor(carrier: Http1Carrier, request?: RequestHead) {
    this.#carrier = carrier;
    this.#request = request;
  }

  interim(status: number, fields: Fields): void {
    if (this.begun || this.#carrier.gone || this.#request?.version !== '1.1') return;
    this.#carrier.socket.write(headText(status, INTERIM_REASONS[status] ?? 'Interim', fields), 'latin1');
  }

  whole(head: AnswerHead, content: Uint8Array): void {
    if (this.begun || this.#carrier.gone) return;
    const text = this.#open(head);
    this.#ended = true;
    const { socket } = this.#carrier;
    if (head.content === 'none' || content.length === 0) {
      socket.write(this.#chunked ? `${text}${lastChunk([])}` : text, 'latin1');
    } else if (content.length <= COPIED) {
      socket.write(
        this.#chunked
          ? joinHead(text + chunkStart(content.length), content, `\r\n${lastChunk([])}`)
          : joinHead(text, content),
      );
    } else {
      socket.cork();
      socket.write(this.#chunked ? text + chunkStart(content.length) : text, 'latin1');
      socket.write(content);
      if (this.#chunked) socket.write(`\r\n${lastChunk([])}`, 'latin1');
      socket.uncork();
    }
    this.#carrier.finish(this.#persists);
  }

  begin(head: AnswerHead): void {
    if (this.begun || this.#carrier.gone) return;
    this.#carrier.socket.write(this.#open(head), 'latin1');
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    const { socket } = this.#carrier;
    if (this.#ended || bytes.length === 0) return undefined;
    if (this.#carrier.gone) return this.#carrier.writable();
    if (this.#chunked) {
      socket.cork();
      socket.write(chunkStart(bytes.length), 'latin1');
      socket.write(bytes);
      socket.write('\r\n', 'latin1');
      socket.uncork();
    } else socket.write(bytes);
    return socket.writableNeedDrain ? this.#carrier.writable() : undefined;
  }

  end(trailers: Fields): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#chunked && !this.#carrier.gone) this.#carrier.socket.write(lastChunk(trailers), 'latin1');
    this.#carrier.finish(this.#persists);
  }

  cut(): void {
    if (this.#ended) return;
    this.#ended = true;
    const { socket } = this.#carrier;
    if (this.#carrier.gone) return;
    // What was written goes out first: the client gets what there is, and sees that it is not all.
    socket.write('', () => this.#carrier.cut(this.#untilClose));
  }

  detach(head: AnswerHead): Duplex | undefined {
    if (this.begun || this.#carrier.gone) return undefined;
    this.begun = true;
    this.#ended = true;
    this.#carrier.socket.write(headText(head.status, head.reason, head.fields), 'latin1');
    return this.#carrier.release();
  }

  /** The head as text; decides how content will end. */
  #open({ status, reason, fields, content, last }: AnswerHead): string {
    this.begun = true;
    const version = this.#request?.version ?? '1.0';
    this.#chunked = content === 'unknown' && version === '1.1';
    this.#untilClose = content === 'unknown' && version !== '1.1';
    this.#persists =
      this.#request !== undefined &&
      last !== true &&
      !this.#untilClose &&
      this.#carrier.persists(this.#request);
    const framing: Array<readonly [string, string]> = [];
    if (this.#chunked) framing.push(['Transfer-Encoding', 'chunked']);
    if (!this.#persists) framing.push(['Connection', 'close']);
    else if (version === '1.0') framing.push(['Connection', 'keep-alive']);
    return headText(status, reason, framing.length === 0 ? fields : [...fields, ...framing]);
  }
}

const INTERIM_REASONS: Readonly<Record<number, string>> = {
  100: 'Continue',
  102: 'Processing',
  103: 'Early Hints',
};
