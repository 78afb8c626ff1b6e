/** Walk the records of a WARC file (1.0 and 1.1), each with its header fields and the first part of its block. */
import type { Readable } from 'node:stream';
import type { Bytes } from '../../domain/index.ts';

export interface WarcRecord {
  /** 1 for the first record of the file. */
  readonly number: number;
  /** Names in lower case; of repeated ones the first. */
  readonly fields: ReadonlyMap<string, string>;
  /** The block, up to the limit. */
  readonly block: Buffer;
  /** The block went over the limit; what is here is its beginning. */
  readonly cut: boolean;
}

/** A header block of honest tools has a few hundred octets. */
const LONGEST_HEADER: Bytes = 64 * 1024;
const HEADER_END = Buffer.from('\r\n\r\n');

/** Thrown where the file stops being WARC: nothing after it can be found again for sure. */
export class NotWarc extends Error {}

/**
 * Records in the order of the file. `wanted` decides by the header whether the block is kept (up to `limit`) or passed over.
 * Throws NotWarc where no record begins, or the file ends within one.
 */
export async function* warcRecords(
  stream: Readable,
  limit: Bytes,
  wanted: (fields: ReadonlyMap<string, string>) => boolean,
): AsyncGenerator<WarcRecord> {
  const source = new Source(stream);
  for (let number = 1; ; number++) {
    await source.skipLineEnds();
    const head = await source.upTo(HEADER_END, LONGEST_HEADER);
    if (head === undefined) return;
    const fields = parseFields(head.toString('utf8'));
    const length = Number(fields.get('content-length') ?? 'none');
    if (!Number.isSafeInteger(length) || length < 0)
      throw new NotWarc(`Content-Length "${fields.get('content-length') ?? ''}"`);
    const kept = wanted(fields) ? Math.min(length, limit) : 0;
    const block = await source.take(kept);
    await source.skip(length - kept);
    yield { number, fields, block, cut: length > limit };
  }
}

function parseFields(head: string): Map<string, string> {
  const [version = '', ...lines] = head.split(/\r?\n(?![ \t])/);
  if (!/^WARC\/\d\.\d+$/.test(version.trim())) throw new NotWarc(`"${version.slice(0, 40)}"`);
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}

/** Octets of a stream, taken in the portions that the format gives. */
class Source {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  async #more(): Promise<boolean> {
    if (this.#ended) return false;
    const { value, done } = await this.#chunks.next();
    if (done === true) this.#ended = true;
    else this.#held = this.#held.length === 0 ? value : Buffer.concat([this.#held, value]);
    return !this.#ended;
  }

  async skipLineEnds(): Promise<void> {
    do {
      let at = 0;
      while (this.#held[at] === 0x0d || this.#held[at] === 0x0a) at++;
      this.#held = this.#held.subarray(at);
    } while (this.#held.length === 0 && (await this.#more()));
  }

  /** What stands before `end`, which is passed too; undefined at the end of the stream. */
  async upTo(end: Buffer, limit: Bytes): Promise<Buffer | undefined> {
    for (;;) {
      const at = this.#held.indexOf(end);
      if (at >= 0) {
        const head = this.#held.subarray(0, at);
        this.#held = this.#held.subarray(at + end.length);
        return head;
      }
      if (this.#held.length > limit) throw new NotWarc(`"${this.#held.toString('latin1', 0, 40)}"`);
      if (await this.#more()) continue;
      if (this.#held.length === 0) return undefined;
      throw new NotWarc('the end of the file within a header');
    }
  }

  async take(length: Bytes): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = length;
    while (missing > 0) {
      if (this.#held.length === 0 && !(await this.#more()))
        throw new NotWarc('the end of the file within a record');
      const part = this.#held.subarray(0, missing);
      parts.push(part);
      missing -= part.length;
      this.#held = this.#held.subarray(part.length);
    }
    return Buffer.concat(parts);
  }

  async skip(length: Bytes): Promise<void> {
    let missing = length;
    while (missing > 0) {
      if (this.#held.length === 0 && !(await this.#more()))
        throw new NotWarc('the end of the file within a record');
      const passed = Math.min(missing, this.#held.length);
      this.#held = this.#held.subarray(passed);
      missing -= passed;
    }
  }
}
