/** Content kept while it arrives: in memory while it is small, in a file that has no name when it is not. */
import { close, mkdirSync, openSync, read, rmSync, writev } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Bytes, ForetasteError } from '../domain/index.ts';
import { tellOver } from './young.ts';

/** Above this content goes to disk; warcprox measured the same bound for crawled pages, of which 99 % stay below. */
const MOST_IN_MEMORY: Bytes = 512 * 1024;
/** And above this for all content together: a thousand slow downloads must not hold a thousand half megabytes. */
const MEMORY_FOR_ALL: Bytes = 32 * 1024 * 1024;
/** What may wait for the disk before the origin has to. */
const MOST_UNWRITTEN: Bytes = 1 << 20;
/** And of all spools together: beyond it each waits until its own last piece is written. */
const MOST_UNWRITTEN_OF_ALL: Bytes = 16 << 20;
const READ_SIZE: Bytes = 65_536;

/** Where spools of one fetcher go, and how much memory they hold between them. */
export class SpoolRoom {
  /** What all spools have waiting for the disk. */
  unwritten: Bytes = 0;
  readonly #folder: string;
  #left: Bytes;
  #count = 0;

  constructor(folder: string, memory: Bytes = MEMORY_FOR_ALL) {
    this.#folder = folder;
    this.#left = memory;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** What one spool may have waiting just now. */
  get patience(): Bytes {
    return this.unwritten > MOST_UNWRITTEN_OF_ALL ? 0 : MOST_UNWRITTEN;
  }

  claim(bytes: Bytes): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  free(bytes: Bytes): void {
    this.#left += bytes;
  }

  /** A new file, removed from its folder at once: however the process ends, nothing is left behind. */
  file(): number {
    this.#count += 1;
    const path = join(this.#folder, `${process.pid}-${this.#count}-${Math.random().toString(36).slice(2)}`);
    const descriptor = openSync(path, 'wx+', 0o600);
    rmSync(path);
    return descriptor;
  }
}

const readAt = promisify(read);
const closeFile = promisify(close);
/** Descriptors of spools that nobody released. */
const forgotten = new FinalizationRegistry<number>((descriptor) => close(descriptor, () => {}));

/** Grows by `append` until `seal`; may be read from the start at any time, by any number of readers. */
export class Spool {
  size: Bytes = 0;
  readonly #room: SpoolRoom;
  readonly #onSpill: (held: readonly Uint8Array[]) => void;
  #chunks: Uint8Array[] = [];
  #descriptor: number | undefined;
  #written: Bytes = 0;
  #unwritten: Uint8Array[] = [];
  #writing = false;
  #sealed = false;
  #released = false;
  #failure: ForetasteError | undefined;
  #waiting: Array<() => void> = [];

  /** `onSpill` is told what is held when it leaves memory. */
  constructor(room: SpoolRoom, onSpill: (held: readonly Uint8Array[]) => void = () => {}) {
    this.#room = room;
    this.#onSpill = onSpill;
  }

  /** Pieces while they are in memory. */
  get held(): readonly Uint8Array[] {
    return this.#chunks;
  }

  /** Takes a piece; false asks to wait for `room` before the next. */
  append(chunk: Uint8Array): boolean {
    if (this.#released || this.#failure !== undefined || chunk.length === 0) return true;
    this.size += chunk.length;
    if (this.#descriptor === undefined) {
      if (this.size <= MOST_IN_MEMORY && this.#room.claim(chunk.length)) {
        this.#chunks.push(chunk);
        this.#notify();
        return true;
      }
      this.#spill(this.size - chunk.length);
    }
    this.#unwritten.push(chunk);
    this.#room.unwritten += chunk.length;
    this.#write();
    return this.size - this.#written <= this.#room.patience;
  }

  /** Resolves when `append` may go on. */
  async room(): Promise<void> {
    while (
      this.size - this.#written > this.#room.patience / 2 &&
      this.#descriptor !== undefined &&
      !this.#released &&
      this.#failure === undefined
    ) {
      await this.#change();
    }
  }

  /** No more will come. Undefined where all of it can be read; else resolves when it can. */
  seal(): Promise<void> | undefined {
    this.#sealed = true;
    this.#notify();
    return this.#descriptor === undefined ? undefined : this.#settled();
  }

  async #settled(): Promise<void> {
    const waits = (): boolean => this.#failure === undefined && !this.#released;
    while (this.#descriptor !== undefined && this.#written < this.size && waits()) {
      await this.#change();
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** All of it, in one piece, where it is in memory and complete. */
  get inMemory(): Uint8Array | undefined {
    if (this.#descriptor !== undefined || this.#released || !this.#sealed) return undefined;
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0];
  }

  /** All of it, in one piece; only after `seal`. */
  async bytes(): Promise<Uint8Array> {
    this.#refuseReleased();
    const { inMemory } = this;
    if (inMemory !== undefined) return inMemory;
    const whole = Buffer.allocUnsafe(this.size);
    let at = 0;
    for await (const chunk of this.stream())
      at += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).copy(whole, at);
    return whole;
  }

  /** From the first octet; waits where the end is not there yet. */
  async *stream(): AsyncGenerator<Uint8Array, void> {
    let position = 0;
    for (;;) {
      this.#refuseReleased();
      if (this.#descriptor === undefined) {
        let start = 0;
        for (const chunk of [...this.#chunks]) {
          // A reader that was here before `bytes` joined the chunks stands in the middle of one.
          if (start + chunk.length > position) {
            yield chunk.subarray(Math.max(0, position - start));
            position = start + chunk.length;
          }
          start += chunk.length;
        }
        if (position < this.size || this.#descriptor !== undefined) continue;
      } else if (position < this.#written) {
        const length = Math.min(READ_SIZE, this.#written - position);
        const { bytesRead, buffer } = await readAt(
          this.#descriptor,
          Buffer.allocUnsafe(length),
          0,
          length,
          position,
        );
        position += bytesRead;
        yield buffer.subarray(0, bytesRead);
        continue;
      }
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#sealed && position >= this.size) return;
      await this.#change();
    }
  }

  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    const descriptor = this.#descriptor;
    if (descriptor === undefined) {
      this.#room.free(this.size);
      tellOver(this.size);
    }
    this.#chunks = [];
    this.#drop();
    this.#notify();
    if (descriptor === undefined) return;
    while (this.#writing) await this.#change();
    forgotten.unregister(this);
    await closeFile(descriptor);
  }

  #refuseReleased(): void {
    if (this.#released)
      throw new ForetasteError('internal', 'Expected content that is still held but it was released.');
  }

  #spill(held: Bytes): void {
    this.#descriptor = this.#room.file();
    forgotten.register(this, this.#descriptor, this);
    this.#onSpill(this.#chunks);
    this.#unwritten = this.#chunks;
    this.#chunks = [];
    this.#room.free(held);
    this.#room.unwritten += held;
  }

  #write(): void {
    if (this.#writing || this.#unwritten.length === 0 || this.#descriptor === undefined) return;
    this.#writing = true;
    const batch = this.#unwritten;
    this.#unwritten = [];
    writev(this.#descriptor, batch, this.#written, (error, count) => {
      this.#writing = false;
      const wanted = batch.reduce((sum, chunk) => sum + chunk.length, 0);
      this.#room.unwritten -= wanted;
      tellOver(wanted);
      if (error !== null || count < wanted) {
        this.#failure = new ForetasteError(
          'store',
          `Expected to spool ${wanted} octets but wrote ${count}.`,
          {
            cause: error,
          },
        );
        this.#drop();
      } else {
        this.#written += count;
        if (!this.#released) this.#write();
      }
      this.#notify();
    });
  }

  /** What waits for the disk is not wanted there any more. */
  #drop(): void {
    if (this.#unwritten.length === 0) return;
    this.#room.unwritten -= this.#unwritten.reduce((sum, chunk) => sum + chunk.length, 0);
    this.#unwritten = [];
  }

  #change(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    return promise;
  }

  #notify(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
