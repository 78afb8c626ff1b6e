/** What an importer gives: records and complaints, in batches, each with its place in the file. */
import type { Bytes, SnapshotRecord } from '../../domain/index.ts';
import type { Complaint } from '../digest.ts';
import type { PackedRows } from '../pack.ts';

export type FormatName = 'cdx' | 'cdxj' | 'csv' | 'tsv' | 'jsonl' | 'parquet' | 'txt' | 'wacz' | 'warc';

/** One row that gave a record. `row` counts as editors count: from 1, the header line included. */
export interface Read {
  readonly row: number;
  readonly record: SnapshotRecord;
}

/** One row, or one cell of it, that could not be taken as it stands. */
export interface Refused extends Complaint {
  readonly row: number;
  readonly column?: string;
}

export type Item = Read | Refused;

export interface Batch {
  readonly items: readonly Item[];
  /** Rows of the same stretch of the file that need no look at each. */
  readonly packed?: PackedRows;
  /** Octets of the file that have been read so far, for progress. */
  readonly position: Bytes;
}

export interface ReadOptions {
  /** For records whose file does not name a dataset. */
  readonly dataset: string;
  /** Which column is which field, where the user has said it. */
  readonly columns: Readonly<Record<string, string>>;
  /** Captions are wanted. */
  readonly labels: boolean;
  /** Sketches of the words of pages are wanted. */
  readonly texts: boolean;
  /** Rows up to this one were imported before an interruption: they may be left out, and what is left must keep its number. */
  readonly after: number;
  readonly signal: AbortSignal;
  /** Told once for each reason why the file's records as a whole are doubtful. */
  onSuspicion(reason: string): void;
}

export type Reader = (path: string, options: ReadOptions) => AsyncIterable<Batch>;

export const isRead = (item: Item): item is Read => 'record' in item;

/** Items of a batch: enough that handing it over costs nothing, few enough to stay small. */
export const BATCH = 1024;
