/** The list of what an index folder holds. Replaced whole, so that a reader sees all of an import or nothing of it. */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ForetasteError, type Hex, type Timestamp } from '../domain/index.ts';
import type { Layout } from './layout.ts';

export interface SegmentEntry {
  /** Name in `segments/`, never given twice. */
  readonly file: string;
  /** Text file in `segments/` that rows with a text point into. */
  readonly texts: string | null;
  readonly importId: string;
  readonly rows: number;
  readonly layout: Layout;
  /** Digests (of the first algorithm of the layout) that an unlikely number of URLs share: placeholder pictures, error pages. */
  readonly placeholders: readonly Hex[];
}

export interface ImportEntry {
  readonly id: string;
  readonly datasets: readonly string[];
  readonly files: readonly string[];
  readonly imported: number;
  readonly skipped: number;
  readonly at: Timestamp;
  /** What a reader should know of its files, although its records are sound. */
  readonly suspicions: readonly string[];
  /** Why its records are not to be trusted; empty when nothing was seen. */
  readonly doubts: readonly string[];
}

export interface Manifest {
  readonly version: 1;
  readonly segments: readonly SegmentEntry[];
  readonly imports: readonly ImportEntry[];
}

export const MANIFEST = 'manifest.json';
export const SEGMENTS = 'segments';
const NOTHING: Manifest = { version: 1, segments: [], imports: [] };

/** An index folder without a manifest is an empty index. */
export async function readManifest(dir: string): Promise<Manifest> {
  const path = join(dir, MANIFEST);
  try {
    return parseManifest(await readFile(path, 'utf8'), path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return NOTHING;
    throw cause;
  }
}

export function parseManifest(text: string, where: string): Manifest {
  const found: unknown = JSON.parse(text);
  const version =
    typeof found === 'object' && found !== null && 'version' in found ? found.version : undefined;
  if (version !== 1)
    throw new ForetasteError(
      'store',
      `Expected an index of version 1 but found ${String(version)} in ${where}.`,
      { where },
    );
  return found as Manifest;
}

/** Write a file so that it is either the old one or the new one, whatever happens. */
export async function replaceFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const next = `${path}.${process.pid}.next`;
  const file = await open(next, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, path);
}

/** Put the segments of an import in the place of those of an earlier run over the same files. Callers hold the lock. */
export async function commitImport(
  dir: string,
  entry: ImportEntry,
  segments: readonly SegmentEntry[],
): Promise<void> {
  const before = await readManifest(dir);
  const next: Manifest = {
    version: 1,
    segments: [...before.segments.filter(({ importId }) => importId !== entry.id), ...segments],
    imports: [...before.imports.filter(({ id }) => id !== entry.id), entry],
  };
  await replaceFile(join(dir, MANIFEST), JSON.stringify(next));
  const kept = new Set(next.segments.flatMap(filesOf));
  const gone = before.segments.flatMap(filesOf).filter((file) => !kept.has(file));
  // Readers that hold these open go on reading them; the others find the new manifest.
  await Promise.all(gone.map((file) => rm(join(dir, SEGMENTS, file), { force: true })));
}

const filesOf = ({ file, texts }: SegmentEntry): string[] =>
  texts === null ? [file] : [file, texts, `${texts}.sizes`];
