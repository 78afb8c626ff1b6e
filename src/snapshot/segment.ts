/**
 * A segment file: the rows of one layout, sorted by key and never changed. It is read by its end:
 *
 *     rows     key without the leading bits that the directory knows, then the payload; fixed width
 *     prints   8 key bits of each row, which follow the bucket bits
 *     starts   first row of each bucket of the leading key bits, and the end; 4 octets each
 *     footer   JSON, its length in 4 octets, and the mark
 *
 * Prints and starts stay in memory (1.25 octets a row): nearly every miss is answered without a read, a hit with one.
 */
import { ForetasteError } from '../domain/index.ts';
import { KEY_BYTES } from './key.ts';
import { type Layout, payloadWidth } from './layout.ts';
import type { RangeFile } from './range-file.ts';

export const MARK = 'foretaste-seg-1\n';
/** Rows a bucket holds on average: 16 make the directory a quarter octet a row, and one miss in 16 reads the disk. */
const BUCKET_ROWS = 16;

interface Geometry {
  /** Key octets that the directory and the prints make redundant; a started octet is kept. */
  readonly impliedBytes: number;
  readonly width: number;
}

/** Leading key bits that number the buckets of a segment with about so many rows. */
export const bucketBitsFor = (rows: number): number =>
  Math.min(30, Math.max(0, Math.floor(Math.log2(Math.max(1, rows / BUCKET_ROWS)))));

export function geometry(bucketBits: number, layout: Layout): Geometry {
  const impliedBytes = Math.floor((bucketBits + 8) / 8);
  return { impliedBytes, width: KEY_BYTES - impliedBytes + payloadWidth(layout) };
}

export interface Place {
  readonly bucket: number;
  readonly print: number;
}

/** Bucket and print of a key that begins with the octet `first`, and the four of `lead` (big-endian, unsigned) after it. */
export function placeOf(first: number, lead: number, bucketBits: number): Place {
  // 40 bits do not fit a 32-bit shift.
  const known = first * 2 ** 32 + lead;
  return {
    bucket: Math.floor(known / 2 ** (40 - bucketBits)),
    print: Math.floor(known / 2 ** (32 - bucketBits)) & 0xff,
  };
}

export interface Footer {
  readonly rows: number;
  readonly bucketBits: number;
  readonly layout: Layout;
}

/** One open segment. Safe for many concurrent finds. */
export class Segment {
  readonly layout: Layout;
  readonly rows: number;
  readonly #file: RangeFile;
  readonly #bucketBits: number;
  readonly #geometry: Geometry;
  readonly #prints: Buffer;
  readonly #starts: Uint32Array;

  private constructor(file: RangeFile, footer: Footer, prints: Buffer, starts: Uint32Array) {
    this.layout = footer.layout;
    this.rows = footer.rows;
    this.#file = file;
    this.#bucketBits = footer.bucketBits;
    this.#geometry = geometry(footer.bucketBits, footer.layout);
    this.#prints = prints;
    this.#starts = starts;
  }

  /** Takes over `file`. Throws ForetasteError `store` where it is no segment, or not a whole one. */
  static async open(file: RangeFile): Promise<Segment> {
    try {
      const { footer, footerAt } = await readFooter(file);
      const startsLength = (2 ** footer.bucketBits + 1) * 4;
      const printsAt = footerAt - startsLength - footer.rows;
      const { width } = geometry(footer.bucketBits, footer.layout);
      if (printsAt !== footer.rows * width)
        throw new ForetasteError(
          'store',
          `Expected ${footer.rows * width} octets of rows but found ${printsAt} in ${file.name}.`,
          { where: file.name },
        );
      const prints = await file.read(printsAt, footer.rows);
      const starts = await file.read(printsAt + footer.rows, startsLength);
      return new Segment(file, footer, prints, asUint32(starts));
    } catch (cause) {
      await file.close();
      throw cause;
    }
  }

  /** Rows whose directory bits agree with the key. */
  #candidates(key: Buffer): { from: number; to: number } {
    const { bucket, print } = placeOf(key[0] ?? 0, key.readUInt32BE(1), this.#bucketBits);
    const end = this.#starts[bucket + 1] ?? 0;
    let from = this.#starts[bucket] ?? 0;
    while (from < end && (this.#prints[from] ?? 0) < print) from++;
    let to = from;
    while (to < end && this.#prints[to] === print) to++;
    return { from, to };
  }

  /** False: surely not. Answered from memory. */
  mayHold(key: Buffer): boolean {
    const { from, to } = this.#candidates(key);
    return to > from;
  }

  /** Payloads of all rows with this key. */
  async find(key: Buffer): Promise<Buffer[]> {
    const { from, to } = this.#candidates(key);
    const { impliedBytes, width } = this.#geometry;
    const rows = await this.#file.read(from * width, (to - from) * width);
    const rest = KEY_BYTES - impliedBytes;
    const found: Buffer[] = [];
    for (let at = 0; at < rows.length; at += width)
      if (rows.compare(key, impliedBytes, KEY_BYTES, at, at + rest) === 0)
        found.push(rows.subarray(at + rest, at + width));
    return found;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

async function readFooter(file: RangeFile): Promise<{ footer: Footer; footerAt: number }> {
  const broken = (found: string): ForetasteError =>
    new ForetasteError('store', `Expected a whole segment of version 1 but found ${found} in ${file.name}.`, {
      where: file.name,
    });
  const tailAt = file.size - MARK.length - 4;
  if (tailAt < 0) throw broken(`${file.size} octets`);
  const tail = await file.read(tailAt, MARK.length + 4);
  const mark = tail.toString('latin1', 4);
  if (mark !== MARK) throw broken(`the end ${JSON.stringify(mark)}`);
  const length = tail.readUInt32LE(0);
  if (length > tailAt) throw broken(`a footer of ${length} octets`);
  const footer: Footer = JSON.parse((await file.read(tailAt - length, length)).toString());
  return { footer, footerAt: tailAt - length };
}

const asUint32 = (bytes: Buffer): Uint32Array =>
  bytes.byteOffset % 4 === 0
    ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
    : new Uint32Array(new Uint8Array(bytes).buffer);
