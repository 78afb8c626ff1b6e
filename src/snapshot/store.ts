/** Open an index folder and find what was recorded for a URL. */
import type { DatasetStanding, Milliseconds, SnapshotIndex, SnapshotRecord } from '../domain/index.ts';
import { existingFolder, localFolder } from './folder.ts';
import { keyOf } from './key.ts';
import { readPayload } from './layout.ts';
import { remoteFolder } from './remote-folder.ts';
import { type OpenSegment, Shelf } from './shelf.ts';
import { mostlyMismatched, SUSPECT, standings } from './standing.ts';
import { openTally, type Tally } from './tally.ts';

export interface OpenIndex extends SnapshotIndex {
  /** Records for each URL, in the order asked; cheaper than one at a time. */
  findAll(urls: readonly string[]): Promise<ReadonlyArray<readonly SnapshotRecord[]>>;
  /** Say how a record of the dataset compared with what was fetched: the dataset is doubted once most disagree. */
  tally(dataset: string, matched: boolean): void;
  /** What is held of each dataset, and what speaks against it. */
  datasets(): Promise<readonly DatasetStanding[]>;
  close(): Promise<void>;
}

/** An index that failed is left alone for so long: each exchange would wait for it in vain. */
const REST: Milliseconds = 30_000;

export interface OpenOptions {
  /** Further indexes, read and never written: folders, or URLs of folders. */
  readonly also?: readonly string[];
  /** Told where one of those cannot be read any more: its records are then as good as not there. */
  readonly onProblem?: (problem: unknown) => void;
}

/**
 * Open the index in `dir`; a folder that does not exist yet is an empty index. Imports that any process finishes are seen by the
 * next call (behind a URL within half a minute). Nothing is written but the tally, and where the folder is read-only that stays in
 * memory. Throws ForetasteError `config` or `store` where one of `also` is no index, of another version, or not whole.
 */
export async function openIndex(dir: string, options: OpenOptions = {}): Promise<OpenIndex> {
  const own = new Shelf(localFolder(dir));
  await own.look();
  const others: Shelf[] = [];
  try {
    for (const place of options.also ?? []) {
      const other = new Shelf(/^https?:/i.test(place) ? remoteFolder(place) : existingFolder(place));
      others.push(other);
      await other.look();
    }
    return new FolderIndex(own, others, await openTally(dir), options.onProblem);
  } catch (cause) {
    await Promise.all([own, ...others].map((shelf) => shelf.close()));
    throw cause;
  }
}

class FolderIndex implements OpenIndex {
  readonly #own: Shelf;
  readonly #others: readonly Shelf[];
  readonly #tally: Tally;
  readonly #onProblem: OpenOptions['onProblem'];
  readonly #restUntil = new Map<Shelf, Milliseconds>();

  constructor(own: Shelf, others: readonly Shelf[], tally: Tally, onProblem: OpenOptions['onProblem']) {
    this.#own = own;
    this.#others = others;
    this.#tally = tally;
    this.#onProblem = onProblem;
  }

  async find(url: string): Promise<readonly SnapshotRecord[]> {
    const [records = []] = await this.findAll([url]);
    return records;
  }

  async findAll(urls: readonly string[]): Promise<ReadonlyArray<readonly SnapshotRecord[]>> {
    const own = this.#findIn(this.#own, urls);
    if (this.#others.length === 0) return (await own).map(inOrder);
    const found = await Promise.all([own, ...this.#others.map((other) => this.#tryIn(other, urls))]);
    return urls.map((_, at) => inOrder(found.flatMap((records) => records[at] ?? [])));
  }

  /** An index that fails has nothing to say: that corroborates nothing, so nothing passes as clean for it. */
  async #tryIn(shelf: Shelf, urls: readonly string[]): Promise<SnapshotRecord[][]> {
    if (Date.now() < (this.#restUntil.get(shelf) ?? 0)) return [];
    try {
      return await this.#findIn(shelf, urls);
    } catch (cause) {
      this.#restUntil.set(shelf, Date.now() + REST);
      this.#onProblem?.(cause);
      return [];
    }
  }

  #findIn(shelf: Shelf, urls: readonly string[]): Promise<SnapshotRecord[][]> {
    return shelf.read((segments) => Promise.all(urls.map((url) => this.#findOne(url, segments))));
  }

  async #findOne(url: string, segments: readonly OpenSegment[]): Promise<SnapshotRecord[]> {
    const key = segments.length === 0 ? undefined : keyOf(url);
    if (key === undefined) return [];
    const records: SnapshotRecord[] = [];
    for (const open of segments) {
      if (!open.segment.mayHold(key)) continue;
      for (const payload of await open.segment.find(key))
        records.push(await this.#record(url, open, payload));
    }
    return records;
  }

  async #record(url: string, open: OpenSegment, payload: Buffer): Promise<SnapshotRecord> {
    const { record, text } = readPayload(open.segment.layout, payload, 0);
    const written = text === undefined ? undefined : await open.texts?.read(text);
    const notes = [this.#doubt(open, record), record.note, written?.note].filter(
      (note) => typeof note === 'string',
    );
    return {
      url,
      ...record,
      label: written?.label ?? null,
      note: notes.length === 0 ? null : notes.join('; '),
    };
  }

  #doubt(open: OpenSegment, { dataset, digests }: Omit<SnapshotRecord, 'url'>): string | undefined {
    const [first] = digests;
    if (first === undefined) return undefined;
    if (open.placeholders.has(first.value)) return `${SUSPECT}: many URLs of the dataset have this digest`;
    if (open.doubt !== undefined) return `${SUSPECT}: ${open.doubt}`;
    const checked = this.#tally.of(dataset);
    if (mostlyMismatched(checked))
      return `${SUSPECT}: ${checked.mismatched} of ${checked.matched + checked.mismatched} checked records of the dataset disagree`;
    return undefined;
  }

  tally(dataset: string, matched: boolean): void {
    this.#tally.add(dataset, matched);
  }

  async datasets(): Promise<readonly DatasetStanding[]> {
    const shelves = [this.#own, ...this.#others];
    await Promise.all(shelves.map((shelf) => shelf.look()));
    return standings(
      shelves.map(({ manifest }) => manifest),
      this.#tally.counts(),
    );
  }

  async close(): Promise<void> {
    await this.#tally.close();
    await Promise.all([this.#own, ...this.#others].map((shelf) => shelf.close()));
  }
}

/** Equal ones once, the newest first. */
const inOrder = (records: SnapshotRecord[]): SnapshotRecord[] =>
  records.length < 2 ? records : newestFirst(distinct(records));

const distinct = (records: readonly SnapshotRecord[]): SnapshotRecord[] => [
  ...new Map(records.map((record) => [JSON.stringify(record), record])).values(),
];

/** Records without a date come last. */
const newestFirst = (records: SnapshotRecord[]): SnapshotRecord[] =>
  records.sort((a, b) => (b.date ?? '').localeCompare(a.date ?? ''));
