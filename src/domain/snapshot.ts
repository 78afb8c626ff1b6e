/** Snapshot records: what a dataset or archive recorded for a URL. */
import type { Hex, Ratio, Timestamp } from './units.ts';

export type DigestAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha512';
/** Which bytes a digest covers. Tools disagree, so it is data and not an assumption. */
export type DigestScope = 'wire' | 'entity' | 'decoded' | 'image' | 'text' | 'unknown';
/** `minhash` is of a page's words, the others of a picture. */
export type PerceptualAlgorithm = 'pdq' | 'phash' | 'minhash';

export interface RecordedDigest {
  readonly alg: DigestAlgorithm;
  readonly value: Hex;
  readonly scope: DigestScope;
}

export interface RecordedHash {
  readonly alg: PerceptualAlgorithm;
  /** 64 hex digits for PDQ, 16 for pHash, 264 for MinHash. */
  readonly value: Hex;
}

/** The shape `foretaste snapshot lookup` and `GET /v1/snapshots` print; null where a record says nothing. */
export interface SnapshotRecord {
  readonly url: string;
  readonly date: Timestamp | null;
  readonly dataset: string;
  readonly httpStatus: number | null;
  readonly digests: readonly RecordedDigest[];
  readonly perceptual: readonly RecordedHash[];
  readonly label: string | null;
  /** Why a digest cannot be checked (`truncated`, `revisit`, `empty`, `chunk-framed`), or what else a reader must know. */
  readonly note: string | null;
}

export const SNAPSHOT_STATUSES = [
  'same',
  'same-pixels',
  'similar',
  'changed',
  'gone',
  'unlisted',
  'reference-suspect',
] as const;
export type SnapshotStatus = (typeof SNAPSHOT_STATUSES)[number];

/** How a capture stands against the records of its URL. */
export interface SnapshotMatch {
  readonly status: SnapshotStatus;
  readonly dataset: string | null;
  readonly date: Timestamp | null;
  /** Distance on the rung that decided, 0 equal to 1 unrelated; null where no distance was taken. */
  readonly distance: Ratio | null;
}

/** How the records of a dataset fared when their URLs were fetched. */
export interface CheckedRecords {
  readonly matched: number;
  readonly mismatched: number;
}

/** How far the records of a dataset can be trusted. */
export interface DatasetStanding {
  readonly dataset: string;
  readonly records: number;
  readonly skipped: number;
  readonly checked: CheckedRecords;
  /** Sentences; empty while nothing speaks against the dataset. */
  readonly suspicions: readonly string[];
}

/** Where records are found. A miss is an empty list, never an error. */
export interface SnapshotIndex {
  find(url: string): Promise<readonly SnapshotRecord[]>;
  /** Told how a record of `dataset` compared with what was fetched: a dataset is doubted once most disagree. */
  tally(dataset: string, matched: boolean): void;
}
