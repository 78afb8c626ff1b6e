/** Open an index folder and find what was recorded for a URL. */
import type { SnapshotIndex, SnapshotRecord } from '../domain/index.ts';
import { keyOf } from './key.ts';
import { readPayload } from './layout.ts';
import { type OpenSegment, Shelf } from './shelf.ts';
import { type DatasetStanding, mostlyMismatched, SUSPECT, standings } from './standing.ts';
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

/**
 * Open the index in `dir`; a folder that does not exist yet is an empty index. Imports that any process finishes are seen by the
 * next call. Nothing is written but the tally, and where the folder is read-only that stays in memory.
 */
export async function openIndex(dir: string): Promise<OpenIndex> {
  const shelf = new Shelf(dir);
  await shelf.look();
  return new FolderIndex(shelf, await openTally(dir));
}

class FolderIndex implements OpenIndex {
  readonly #shelf: Shelf;
  readonly #tally: Tally;

  constructor(shelf: Shelf, tally: Tally) {
    this.#shelf = shelf;
    this.#tally = tally;
  }

  async find(url: string): Promise<readonly SnapshotRecord[]> {
    return this.#shelf.read((segments) => this.#findOne(url, segments));
  }

  async findAll(urls: readonly string[]): Promise<ReadonlyArray<readonly SnapshotRecord[]>> {
    return this.#shelf.read((segments) => Promise.all(urls.map((url) => this.#findOne(url, segments))));
  }

  async #findOne(url: string, segments: readonly OpenSegment[]): Promise<readonly SnapshotRecord[]> {
    const key = segments.length === 0 ? undefined : keyOf(url);
    if (key === undefined) return [];
    const records: SnapshotRecord[] = [];
    for (const open of segments) {
      if (!open.segment.mayHold(key)) continue;
      for (const payload of await open.segment.find(key))
        records.push(await this.#record(url, open, payload));
    }
    return records.length < 2 ? records : newestFirst(distinct(records));
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
    await this.#shelf.look();
    return standings(this.#shelf.manifest, this.#tally.counts());
  }

  async close(): Promise<void> {
    await this.#tally.close();
    await this.#shelf.close();
  }
}

const distinct = (records: readonly SnapshotRecord[]): SnapshotRecord[] => [
  ...new Map(records.map((record) => [JSON.stringify(record), record])).values(),
];

/** Records without a date come last. */
const newestFirst = (records: SnapshotRecord[]): SnapshotRecord[] =>
  records.sort((a, b) => (b.date ?? '').localeCompare(a.date ?? ''));
