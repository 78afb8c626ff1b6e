/** The segments of an index folder, kept open, and exchanged when a new manifest appears. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Hex } from '../domain/index.ts';
import { MANIFEST, type Manifest, readManifest, SEGMENTS, type SegmentEntry } from './manifest.ts';
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
  readonly #dir: string;
  #version: string | undefined;
  #manifest: Manifest = { version: 1, segments: [], imports: [] };
  #open: ReadonlyMap<string, OpenSegment> = new Map();
  #retired: OpenSegment[] = [];
  #readers = 0;
  #looking: Promise<void> | undefined;
  #nextLook: Promise<void> | undefined;

  constructor(dir: string) {
    this.#dir = dir;
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
      if (versionOf(join(this.#dir, MANIFEST)) === this.#version) return;
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
      const version = versionOf(join(this.#dir, MANIFEST));
      if (version === this.#version) return;
      try {
        await this.#exchange(await readManifest(this.#dir));
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
      next.set(entry.file, this.#open.get(entry.file) ?? (await openSegment(this.#dir, entry, manifest)));
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
  }
}

/**
 * The inode changes with each replacement, even twice within one tick of the file system's clock. Every exchange asks; asked
 * synchronously it costs 2 microseconds, a tenth of a turn through the thread pool.
 */
function versionOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.ino}:${found.mtimeMs}:${found.size}`;
}

async function openSegment(
  dir: string,
  { file, texts, placeholders, importId }: SegmentEntry,
  { imports }: Manifest,
): Promise<OpenSegment> {
  const segment = await Segment.open(join(dir, SEGMENTS, file));
  try {
    return {
      segment,
      texts: texts === null ? undefined : await TextFile.open(join(dir, SEGMENTS, texts)),
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
