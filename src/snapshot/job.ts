/** The work of one import: read file by file into the spool, with checkpoints, then seal. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ForetasteError } from '../domain/index.ts';
import { detectFormat } from './formats/detect.ts';
import { type Batch, type FormatName, type Item, isRead } from './formats/format.ts';
import { READERS } from './formats/readers.ts';
import type { ImportFile } from './identify.ts';
import type { ImportOptions } from './import.ts';
import { replaceFile, type SegmentEntry } from './manifest.ts';
import { seal } from './seal.ts';
import { EMPTY_SPOOL, MOST_LAYOUTS, Spool, type SpoolState } from './spool.ts';
import { canonicalUrl } from './url.ts';

/** What survives a death of the process: how far it was, and what the spool held then. */
export interface Journal {
  /** Names this run: the files it writes are never mistaken for those of another. */
  readonly run: string;
  /** Files that are read to their end. */
  readonly filesDone: number;
  /** Last row of the file after them that is in the spool. */
  readonly row: number;
  readonly imported: number;
  readonly skipped: number;
  /** Files among those that could not be read to their end. */
  readonly failed: number;
  readonly suspicions: readonly string[];
  readonly doubts: readonly string[];
  readonly spool: SpoolState;
}

/** Share of the work that is reading; the rest is sorting. As measured by `npm run bench -- snapshots`. */
const READING_SHARE = 0.75;

export class ImportJob {
  readonly #sources: readonly ImportFile[];
  readonly #work: string;
  readonly #options: ImportOptions;
  readonly #suspicions = new Set<string>();
  readonly #doubts = new Set<string>();
  #run = '';
  #filesDone = 0;
  #row = 0;
  #imported = 0;
  #skipped = 0;
  #failed = 0;

  constructor(sources: readonly ImportFile[], work: string, options: ImportOptions) {
    this.#sources = sources;
    this.#work = work;
    this.#options = options;
  }

  /** Read what is left of the files. Returns early, with a checkpoint, when the signal aborts. */
  async read(): Promise<Journal> {
    const journal = await this.#resume();
    const { labels = true, held } = this.#options;
    const spool = await Spool.open(this.#work, journal.spool, labels, held);
    try {
      while (this.#filesDone < this.#sources.length && !this.#options.signal.aborted)
        await this.#readFile(spool);
      return await this.#checkpoint(spool);
    } finally {
      await spool.close();
    }
  }

  async #resume(): Promise<Journal> {
    const journal = await readJournal(join(this.#work, JOURNAL));
    this.#run = journal.run;
    this.#filesDone = journal.filesDone;
    this.#row = journal.row;
    this.#imported = journal.imported;
    this.#skipped = journal.skipped;
    this.#failed = journal.failed;
    for (const reason of journal.suspicions) this.#suspicions.add(reason);
    for (const reason of journal.doubts) this.#doubts.add(reason);
    return journal;
  }

  async #checkpoint(spool: Spool): Promise<Journal> {
    const journal = {
      run: this.#run,
      filesDone: this.#filesDone,
      row: this.#row,
      imported: this.#imported,
      skipped: this.#skipped,
      failed: this.#failed,
      suspicions: [...this.#suspicions],
      doubts: [...this.#doubts],
      spool: await spool.flush(),
    };
    await replaceFile(join(this.#work, JOURNAL), JSON.stringify(journal));
    return journal;
  }

  async #readFile(spool: Spool): Promise<void> {
    const source = this.#sources[this.#filesDone];
    if (source === undefined) return;
    const { signal, columns = {} } = this.#options;
    const refused = new RefusedColumns();
    try {
      const format = await this.#formatOf(source);
      const batches = READERS[format](source.path, {
        dataset: source.dataset,
        columns,
        labels: this.#options.labels ?? true,
        texts: this.#options.texts ?? false,
        after: this.#row,
        signal,
        onSuspicion: (reason) => this.#suspicions.add(reason),
      });
      for await (const batch of batches) {
        this.#take(batch, source, spool, refused);
        if (spool.full) await this.#checkpoint(spool);
        if (signal.aborted) return;
      }
    } catch (cause) {
      if (signal.aborted) return;
      const known = cause instanceof ForetasteError;
      // The only file is for the user to put right; among many, one bad file does not keep the others out.
      if (known && (cause.code !== 'import' || this.#sources.length === 1)) throw cause;
      // A file that breaks off gives what it had; the rest of it is one complaint.
      this.#refuse(
        { row: this.#row + 1, expected: 'content that can be read', got: messageOf(cause) },
        source,
      );
      this.#failed++;
    }
    for (const reason of refused.doubts()) this.#doubts.add(reason);
    this.#filesDone++;
    this.#row = 0;
  }

  async #formatOf(source: ImportFile): Promise<FormatName> {
    const { format, signal } = this.#options;
    if (format === 'auto') return detectFormat(source.path, signal);
    const wider = WIDER[format];
    if (wider === undefined) return format;
    const found = await detectFormat(source.path, signal).catch(() => format);
    return found === wider ? wider : format;
  }

  #take({ items, packed, position }: Batch, source: ImportFile, spool: Spool, refused: RefusedColumns): void {
    if (packed !== undefined && packed.numbers.length > 0) {
      if (spool.addPacked(packed)) this.#imported += packed.numbers.length;
      else for (const row of packed.numbers) this.#refuse({ row, ...ONE_SHAPE_MORE }, source);
      refused.countRead(packed.numbers.length);
    }
    for (const item of items) {
      if (item.row <= this.#row) continue;
      refused.count(item);
      if (!isRead(item)) this.#refuse(item, source);
      else if (spool.add(canonicalUrl(item.record.url) ?? item.record.url, item.record)) this.#imported++;
      else this.#refuse({ row: item.row, ...ONE_SHAPE_MORE }, source);
    }
    this.#row = Math.max(this.#row, items.at(-1)?.row ?? 0, packed?.numbers.at(-1) ?? 0);
    const before = this.#sources.slice(0, this.#filesDone).reduce((sum, { size }) => sum + size, 0);
    this.#progress('read', source.path, (before + Math.min(position, source.size)) * READING_SHARE);
  }

  #refuse(item: Exclude<Item, { record: unknown }>, source: ImportFile): void {
    this.#skipped++;
    this.#options.onSkip({
      file: source.path,
      row: item.row,
      column: item.column,
      expected: item.expected,
      got: item.got,
    });
  }

  #progress(phase: 'read' | 'seal', file: string, done: number): void {
    const total = this.#sources.reduce((sum, { size }) => sum + size, 0);
    const note = `${this.#imported} records, ${this.#skipped} skipped`;
    this.#options.onProgress({
      phase,
      file,
      done: Math.floor(done),
      total,
      imported: this.#imported,
      skipped: this.#skipped,
      note,
    });
  }

  /** Write the sorted segments; undefined when the signal aborted. A later run repeats it from the spool. */
  async seal(journal: Journal, dir: string, importId: string): Promise<SegmentEntry[] | undefined> {
    const { signal } = this.#options;
    const total = this.#sources.reduce((sum, { size }) => sum + size, 0);
    const file = this.#sources.at(-1)?.path ?? '';
    const onProgress = (share: number): void =>
      this.#progress('seal', file, total * (READING_SHARE + (1 - READING_SHARE) * share));
    try {
      return await seal(journal.spool, {
        spool: this.#work,
        dir,
        importId,
        run: `${importId}-${journal.run}`,
        signal,
        onProgress,
      });
    } catch (cause) {
      if (signal.aborted) return undefined;
      throw cause;
    }
  }
}

const ONE_SHAPE_MORE = {
  expected: `at most ${MOST_LAYOUTS} shapes of records in an import`,
  got: 'one more',
};
/** What people call by the name of its kin: an index in CDX, WARC files in their container. */
const WIDER: Readonly<Partial<Record<FormatName, FormatName>>> = { cdxj: 'cdx', warc: 'wacz' };
const JOURNAL = 'journal.json';

async function readJournal(path: string): Promise<Journal> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    const run = Date.now().toString(36);
    return {
      run,
      filesDone: 0,
      row: 0,
      imported: 0,
      skipped: 0,
      failed: 0,
      suspicions: [],
      doubts: [],
      spool: EMPTY_SPOOL,
    };
  }
}

/** Rows of a column before its refusals say something of the column and not of the rows. */
const LEAST_ROWS = 20;

/** Notices a column that does not hold what its name says. */
class RefusedColumns {
  #rows = 0;
  readonly #refused = new Map<string, { count: number; expected: string; got: string }>();

  count(item: Item): void {
    this.#rows++;
    if (isRead(item) || item.column === undefined) return;
    const { count } = this.#refused.get(item.column) ?? { count: 0 };
    this.#refused.set(item.column, { count: count + 1, expected: item.expected, got: item.got });
  }

  countRead(rows: number): void {
    this.#rows += rows;
  }

  doubts(): string[] {
    if (this.#rows < LEAST_ROWS) return [];
    return [...this.#refused]
      .filter(([, { count }]) => count > this.#rows / 2)
      .map(
        ([column, { count, expected, got }]) =>
          `${count} of ${this.#rows} values of column ${column} are not ${expected}, such as ${got}`,
      );
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
