/** Archives: what a URL held when somebody else captured it. */
import type { Capture } from './exchange.ts';
import type { Milliseconds } from './units.ts';

export interface ArchiveQuery {
  readonly url: string;
  /** The capture nearest to this moment is wanted. */
  readonly near: Milliseconds;
  /** Only captures up to this moment. */
  readonly before?: Milliseconds;
  /** An answer after this moment is of no use. */
  readonly deadline: Milliseconds;
}

export interface Archives {
  /**
   * The nearest whole capture (status 200) of exactly this URL, of the first archive that has one. Its identity is
   * `archive@NAME`, its `startedAt` when the archive captured it; the receiver releases its body. Undefined where no archive has
   * one, none answers in time, or the rate that was agreed on is spent. Never throws.
   */
  nearest(query: ArchiveQuery): Promise<Capture | undefined>;
}
