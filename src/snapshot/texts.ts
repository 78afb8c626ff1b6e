/** Labels and notes of an import: compressed blocks in the order of import, found by ordinal. */
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type Bytes, ForetasteError } from '../domain/index.ts';
import type { RangeFile } from './range-file.ts';

/** Texts in a block: at 60 characters a caption that is 4 KiB, one small read and one cheap inflation a lookup. */
const BLOCK_TEXTS = 64;
/** A caption past this is a document; it is cut here. */
export const LONGEST_TEXT = 4096;

export interface TextState {
  readonly length: number;
  readonly blocks: number;
}

export interface Text {
  readonly label: string | null;
  readonly note: string | null;
}

export const TEXT_DATA = 'texts';
export const TEXT_SIZES = 'texts.sizes';

/** Appends blocks; their sizes stand in a file of their own, four octets each. */
export class TextSpool {
  readonly #data: FileHandle;
  readonly #sizes: FileHandle;
  #length: number;
  #blocks: number;
  #held: Array<readonly [label: string | null, note: string | null]> = [];
  #written: Buffer[] = [];
  #writtenSizes: number[] = [];
  #heldBytes = 0;

  constructor(data: FileHandle, sizes: FileHandle, state: TextState) {
    this.#data = data;
    this.#sizes = sizes;
    this.#length = state.length;
    this.#blocks = state.blocks;
  }

  get heldBytes(): Bytes {
    return this.#heldBytes;
  }

  /** The ordinal under which the text is found. */
  add(label: string | null, note: string | null): number {
    const ordinal = (this.#blocks + this.#written.length) * BLOCK_TEXTS + this.#held.length;
    this.#held.push([label?.slice(0, LONGEST_TEXT) ?? null, note?.slice(0, LONGEST_TEXT) ?? null]);
    if (this.#held.length === BLOCK_TEXTS) this.#seal();
    return ordinal;
  }

  #seal(): void {
    const block = zstdCompressSync(Buffer.from(JSON.stringify(this.#held)));
    this.#written.push(block);
    this.#writtenSizes.push(block.length);
    this.#heldBytes += block.length;
    this.#held = [];
  }

  /** A block that is not full is sealed too; ordinals go on after the places it leaves empty. */
  async flush(): Promise<TextState> {
    if (this.#held.length > 0) this.#seal();
    const data = Buffer.concat(this.#written);
    await this.#data.write(data, 0, data.length, this.#length);
    const sizes = Buffer.from(Uint32Array.from(this.#writtenSizes).buffer);
    await this.#sizes.write(sizes, 0, sizes.length, this.#blocks * 4);
    await this.#data.datasync();
    await this.#sizes.datasync();
    this.#length += data.length;
    this.#blocks += this.#writtenSizes.length;
    this.#written = [];
    this.#writtenSizes = [];
    this.#heldBytes = 0;
    return { length: this.#length, blocks: this.#blocks };
  }

  async close(): Promise<void> {
    await this.#data.close();
    await this.#sizes.close();
  }
}

export async function openTextSpool(dir: string, state: TextState): Promise<TextSpool> {
  await mkdir(dir, { recursive: true });
  const flags = state.blocks === 0 ? 'w' : 'r+';
  const data = await open(join(dir, TEXT_DATA), flags);
  const sizes = await open(join(dir, TEXT_SIZES), flags);
  await data.truncate(state.length);
  await sizes.truncate(state.blocks * 4);
  return new TextSpool(data, sizes, state);
}

/** Reads texts of one import by ordinal. */
export class TextFile {
  readonly #data: RangeFile;
  readonly #offsets: Float64Array;

  private constructor(data: RangeFile, offsets: Float64Array) {
    this.#data = data;
    this.#offsets = offsets;
  }

  /** Takes over both files. Throws ForetasteError `store` where the texts are not as long as their sizes say. */
  static async open(data: RangeFile, sizesFile: RangeFile): Promise<TextFile> {
    try {
      const sizes = await sizesFile.read(0, sizesFile.size);
      const offsets = new Float64Array(sizes.length / 4 + 1);
      for (let block = 0; block < sizes.length / 4; block++)
        offsets[block + 1] = (offsets[block] ?? 0) + sizes.readUInt32LE(block * 4);
      const length = offsets.at(-1) ?? 0;
      if (length !== data.size)
        throw new ForetasteError(
          'store',
          `Expected ${length} octets of texts but found ${data.size} in ${data.name}.`,
          { where: data.name },
        );
      return new TextFile(data, offsets);
    } catch (cause) {
      await data.close();
      throw cause;
    } finally {
      await sizesFile.close();
    }
  }

  async read(ordinal: number): Promise<Text> {
    const block = Math.floor(ordinal / BLOCK_TEXTS);
    const start = this.#offsets[block] ?? 0;
    const bytes = await this.#data.read(start, (this.#offsets[block + 1] ?? start) - start);
    const texts: Array<[string | null, string | null]> = JSON.parse(zstdDecompressSync(bytes).toString());
    const [label, note] = texts[ordinal % BLOCK_TEXTS] ?? [null, null];
    return { label, note };
  }

  async close(): Promise<void> {
    await this.#data.close();
  }
}
