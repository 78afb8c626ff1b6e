/** What a database must offer so that the store can stand on it. */
import type { CompiledQuery, Kysely } from 'kysely';
import type { EpochStore } from '../domain/epoch.ts';
import type { SourceStore, VerdictStore } from '../domain/ports.ts';
import type { RecheckStore } from '../domain/recheck.ts';
import type { Timestamp } from '../domain/units.ts';
import type { Decision, Review } from '../domain/verdict.ts';
import type { TextDigest } from './chain.ts';
import type { Tables } from './schema.ts';

export interface Engine {
  readonly name: 'sqlite' | 'postgres' | 'd1';
  readonly db: Kysely<Tables>;
  readonly digest: TextDigest;
  /** Runs all statements or none, in order; durable when it resolves. No reads take part: D1 has no other transactions. */
  commit(statements: readonly CompiledQuery[]): Promise<void>;
  close(): Promise<void>;
}

/** Where in the log the chain does not hold, and why. */
export interface Break {
  readonly seq: number;
  readonly reason: string;
}

/** Sources, with the decisions people take about one as a whole. */
export interface ReviewedSourceStore extends SourceStore {
  /**
   * `confirm` makes the source a confirmed one and revokes what it passed; `dismiss` and `release` clear it up to now.
   * Appended to the log. Throws ForetasteError `not-found`.
   */
  review(host: string, decision: Decision, note: string, reviewer: string, at: Timestamp): Promise<void>;
  /** Decisions about the source as a whole, oldest first. */
  reviews(host: string): Promise<readonly Review[]>;
}

export interface Store {
  readonly engine: Engine['name'];
  readonly verdicts: VerdictStore;
  readonly sources: ReviewedSourceStore;
  readonly rechecks: RecheckStore;
  readonly epochs: EpochStore;
  /** Follows the whole chain: `entries` counted, `broken` the first place that does not hold. */
  verifyLog(): Promise<{ entries: number; broken?: Break }>;
  /** Another process has moved the aggregates of `source`: what was recalled of them is read again. */
  moved(source: string): void;
  /** Whether it can be read and written now. */
  healthy(): Promise<boolean>;
  close(): Promise<void>;
}
