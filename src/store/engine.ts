/** What a database must offer so that the store can stand on it. */
import type { CompiledQuery, Kysely } from 'kysely';
import type { EpochStore } from '../domain/epoch.ts';
import type { SourceStore, VerdictStore } from '../domain/ports.ts';
import type { RecheckStore } from '../domain/recheck.ts';
import type { Timestamp } from '../domain/units.ts';
import type { Decision, Review } from '../domain/verdict.ts';
import type { TextDigest } from './chain.ts';
import type { Tables } from './schema.ts';

/** One line of the log before its place is known, and what changes beside it. */
export interface Addition {
  readonly kind: 'verdict' | 'review' | 'source-review';
  readonly subject: string;
  /** Its canonical JSON before and after its place. */
  readonly around: readonly [before: string, after: string];
  /** `placeAt(n)` among parameters stands for the place of the n-th addition. */
  readonly beside: readonly CompiledQuery[];
}

export interface Engine {
  readonly name: 'sqlite' | 'postgres' | 'd1';
  readonly db: Kysely<Tables>;
  readonly digest: TextDigest;
  /** Runs all statements or none, in order; durable when it resolves. No reads take part: D1 has no other transactions. */
  commit(statements: readonly CompiledQuery[]): Promise<void>;
  /**
   * Adds lines to the end of the log and then runs `after`, all in one transaction that nobody can come before: the place of the
   * first line. Absent where no transaction can read the end of the log and write behind it.
   */
  append?(additions: readonly Addition[], after: readonly CompiledQuery[]): Promise<number>;
  /** Resolves when the present turn of the event loop is over. Absent where there is no telling. */
  turn?(): Promise<void>;
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
