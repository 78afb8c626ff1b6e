/** A recheck: a URL that is asked again later, to see whether what the crawler got was only there for a while. */
import type { Exchange } from './exchange.ts';
import type { Milliseconds } from './units.ts';

/** What is kept of a crawler's request to ask again as the crawler asked. Credentials and cookies are not. */
export type AskedBefore = Pick<Exchange, 'url' | 'source' | 'fields' | 'httpVersion'>;

export interface Recheck {
  /** Id of the verdict that is looked at again. */
  readonly verdict: string;
  /** From 0, in order of time; each verdict has a few. */
  readonly step: number;
  readonly due: Milliseconds;
  readonly asked: AskedBefore;
}

/** Rechecks that wait. What was stored survives the process; what was taken and not done comes due again. */
export interface RecheckStore {
  /**
   * The one that is longest due at `now`, for this caller alone until `until`; undefined where none is.
   * Of several processes on one store, one gets it.
   */
  take(now: Milliseconds, until: Milliseconds): Promise<Recheck | undefined>;
  done(recheck: Recheck): Promise<void>;
  /** Gives up what was due before `before`. */
  drop(before: Milliseconds): Promise<void>;
}
