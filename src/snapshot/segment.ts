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
import { type FileHandle, open } from 'node:fs/promises';
import { ForetasteError } from '../domain/index.ts';
import { KEY_BYTES } from './key.ts';
import { type Layout, payloadWidth } from './layout.ts';

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
  readonly #file: FileHandle;
  readonly #bucketBits: number;
  readonly #geometry: Geometry;
  readonly #prints: Buffer;
  readonly #starts: Uint32Array;

  private constructor(file: FileHandle, footer: Footer, prints: Buffer, starts: Uint32Array) {
    this.layout = footer.layout;
    this.rows = footer.rows;
    this.#file = file;
    this.#bucketBits = footer.bucketBits;
    this.#geometry = geometry(footer.bucketBits, footer.layout);
    this.#prints = prints;
    this.#starts = starts;
  }

  static async open(path: string): Promise<Segment> {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const tail = await readAt(file, Math.max(0, size - MARK.length - 4), Math.min(size, MARK.length + 4));
      if (tail.toString('latin1', 4) !== MARK)
        throw new ForetasteError('store', `Expected a segment but ${path} does not end like one.`, {
          where: path,
        });
      const footerAt = size - tail.length - tail.readUInt32LE(0);
      const footer: Footer = JSON.parse((await readAt(file, footerAt, tail.readUInt32LE(0))).toString());
      const startsLength = (2 ** footer.bucketBits + 1) * 4;
      const printsAt = footerAt - startsLength - footer.rows;
      const prints = await readAt(file, printsAt, footer.rows);
      const starts = await readAt(file, printsAt + footer.rows, startsLength);
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
    const rows = await readAt(this.#file, from * width, (to - from) * width);
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

export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  await readInto(file, position, bytes);
  return bytes;
}

/** Fill `bytes` from `position` on. */
export async function readInto(file: FileHandle, position: number, bytes: Buffer): Promise<void> {
  let at = 0;
  // A read may return less than was asked, and never more than 2 GiB at once.
  while (at < bytes.length) {
    const { bytesRead } = await file.read(bytes, at, Math.min(bytes.length - at, 2 ** 30), position + at);
    if (bytesRead === 0)
      throw new ForetasteError(
        'store',
        `Expected ${bytes.length} octets at ${position} but the file ends before.`,
      );
    at += bytesRead;
  }
}

const asUint32 = (bytes: Buffer): Uint32Array =>
  bytes.byteOffset % 4 === 0
    ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
    : new Uint32Array(new Uint8Array(bytes).buffer);
