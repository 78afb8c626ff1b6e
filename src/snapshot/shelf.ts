/** The segments of an index folder, kept open, and exchanged when a new manifest appears. */
import { ForetasteError, type Hex } from '../domain/index.ts';
import type { IndexFolder } from './folder.ts';
import type { Manifest, SegmentEntry } from './manifest.ts';
import { Segment } from './segment.ts';
import { TextFile } from './texts.ts';

export interface OpenSegment {
  readonly segment: Segment;
  readonly texts: TextFile | undefined;
  readonly placeholders: ReadonlySet<Hex>;
  /** Why all records of its import are doubtful. */
  readonly doubt: string | undefined;
}

/** A reader may find that an import replaced a segment between manifest and opening; then the next manifest is there already. */
const OPEN_TRIES = 5;

export class Shelf {
  readonly #folder: IndexFolder;
  #version: string | undefined;
  #manifest: Manifest = { version: 1, segments: [], imports: [] };
  #open: ReadonlyMap<string, OpenSegment> = new Map();
  #retired: OpenSegment[] = [];
  #readers = 0;
  #looking: Promise<void> | undefined;
  #nextLook: Promise<void> | undefined;

  constructor(folder: IndexFolder) {
    this.#folder = folder;
  }

  get manifest(): Manifest {
    return this.#manifest;
  }

  /** Work with the segments as they stand now. None of them is closed before `work` ends. */
  async read<T>(work: (segments: readonly OpenSegment[]) => Promise<T>): Promise<T> {
    await this.look();
    this.#readers++;
    try {
      return await work([...this.#open.values()]);
    } finally {
      this.#readers--;
      if (this.#readers === 0 && this.#retired.length > 0) await this.#closeRetired();
    }
  }

  /** Take over the newest manifest. A look that has begun may have missed what its caller did, so a later caller waits for the next. */
  async look(): Promise<void> {
    if (this.#looking === undefined) {
      if (this.#folder.version() === this.#version) return;
      this.#looking = this.#reload().finally(() => {
        this.#looking = undefined;
      });
      return this.#looking;
    }
    this.#nextLook ??= this.#looking
      .catch(() => undefined)
      .then(() => {
        this.#nextLook = undefined;
        return this.look();
      });
    return this.#nextLook;
  }

  async #reload(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const version = this.#folder.version();
      if (version === this.#version) return;
      try {
        await this.#exchange(await this.#folder.manifest());
        this.#version = version;
        return;
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === OPEN_TRIES) throw cause;
      }
    }
  }

  async #exchange(manifest: Manifest): Promise<void> {
    const next = new Map<string, OpenSegment>();
    for (const entry of manifest.segments) {
      next.set(entry.file, this.#open.get(entry.file) ?? (await openSegment(this.#folder, entry, manifest)));
    }
    this.#retired.push(...[...this.#open].filter(([file]) => !next.has(file)).map(([, segment]) => segment));
    this.#open = next;
    this.#manifest = manifest;
    if (this.#readers === 0) await this.#closeRetired();
  }

  async #closeRetired(): Promise<void> {
    const retired = this.#retired;
    this.#retired = [];
    await Promise.all(retired.map(closeSegment));
  }

  async close(): Promise<void> {
    await this.#looking;
    this.#retired.push(...this.#open.values());
    this.#open = new Map();
    await this.#closeRetired();
    await this.#folder.close();
  }
}

async function openSegment(
  folder: IndexFolder,
  { file, texts, placeholders, importId, rows }: SegmentEntry,
  { imports }: Manifest,
): Promise<OpenSegment> {
  const segment = await Segment.open(await folder.open(file));
  try {
    if (segment.rows !== rows)
      throw new ForetasteError(
        'store',
        `Expected ${rows} rows but found ${segment.rows} in ${file} of ${folder.name}.`,
      );
    return {
      segment,
      texts:
        texts === null
          ? undefined
          : await TextFile.open(await folder.open(texts), await folder.open(`${texts}.sizes`)),
      placeholders: new Set(placeholders),
      doubt: imports.find(({ id }) => id === importId)?.doubts[0],
    };
  } catch (cause) {
    await segment.close();
    throw cause;
  }
}

async function closeSegment({ segment, texts }: OpenSegment): Promise<void> {
  await segment.close();
  await texts?.close();
}
