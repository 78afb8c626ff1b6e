/** Import snapshot records: read files, spool rows, seal segments, commit. Interrupted at any point it goes on where it was. */
import { rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type Bytes, ForetasteError } from '../domain/index.ts';
import { checkAsked } from './formats/columns.ts';
import type { FormatName, Refused } from './formats/format.ts';
import { describe, importIdOf } from './identify.ts';
import { ImportJob } from './job.ts';
import { withLock } from './lock.ts';
import { commitImport } from './manifest.ts';

export type ImportFormat = 'auto' | FormatName;

export interface Progress {
  /** Reading the files, then writing the sorted segments. */
  readonly phase: 'read' | 'seal';
  /** The file being read. */
  readonly file: string;
  /** How much of all work is done, in octets of all files. */
  readonly done: Bytes;
  readonly total: Bytes;
  readonly imported: number;
  readonly skipped: number;
  /** The counts as a phrase. */
  readonly note: string;
}

/** A row, or a cell of it, that was left out. */
export interface Skip extends Refused {
  readonly file: string;
}

export interface ImportOptions {
  /** Folder of the index; made when missing. */
  readonly dir: string;
  /** Default: the name of each file, or of its folder where the file is one part of many. */
  readonly dataset?: string;
  readonly format: ImportFormat;
  /** Field -> column name, where the names in the file say nothing. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Keep captions, so that labels can be compared. Default true; they take most of the space a record needs. */
  readonly labels?: boolean;
  /** Keep a sketch of the words of each page whose text the files hold: 132 octets a record, and the reading of every page. Default false. */
  readonly texts?: boolean;
  /** Rows that are held before they are written, with a checkpoint; an interruption loses at most the reading of these. */
  readonly held?: Bytes;
  onProgress(progress: Progress): void;
  onSkip(skip: Skip): void;
  readonly signal: AbortSignal;
}

export interface ImportSummary {
  readonly imported: number;
  readonly skipped: number;
  /** Those that were read to their end. */
  readonly files: number;
}

const IMPORTS = 'imports';
const COMMIT_PATIENCE = 60_000;

/**
 * Import `files` into the index. The same call after an interruption goes on from the last checkpoint; the same files again replace
 * what they gave before. Rows that cannot be taken are told to `onSkip` and left out. When the signal aborts, what was read is kept
 * for the next call, the counts so far are returned, and nothing of this import can be found yet.
 * Throws ForetasteError `usage` or `import` for a file that is missing or of no known format, `busy` where the same import runs already.
 */
export async function importFiles(files: readonly string[], options: ImportOptions): Promise<ImportSummary> {
  const { columns = {}, labels = true, texts = false, format } = options;
  checkAsked(columns);
  const dir = resolve(options.dir);
  const sources = await Promise.all(files.map((file) => describe(file, options.dataset)));
  const id = importIdOf(sources, { columns, labels, texts, format });
  return withLock(join(dir, IMPORTS, `${id}.lock`), 0, async () => {
    const work = join(dir, IMPORTS, id);
    const job = new ImportJob(sources, work, options);
    const journal = await job.read().catch(async (cause: unknown) => {
      // What the user has to put right first will be another import.
      if (cause instanceof ForetasteError) await rm(work, { recursive: true, force: true });
      throw cause;
    });
    const summary = {
      imported: journal.imported,
      skipped: journal.skipped,
      files: journal.filesDone - journal.failed,
    };
    if (options.signal.aborted) return summary;
    const segments = await job.seal(journal, dir, id);
    if (segments === undefined) return summary;
    const entry = {
      id,
      datasets: [...new Set(sources.map(({ dataset }) => dataset))],
      files: sources.map(({ path }) => basename(path)),
      imported: journal.imported,
      skipped: journal.skipped,
      at: new Date().toISOString(),
      suspicions: journal.suspicions,
      doubts: journal.doubts,
    };
    await withLock(join(dir, 'manifest.lock'), COMMIT_PATIENCE, () => commitImport(dir, entry, segments));
    await rm(work, { recursive: true, force: true });
    return summary;
  });
}
