/** Epochs: since when a registrable domain has been in the hands in which it is now. */
import type { Milliseconds, Timestamp } from './units.ts';

export interface Epochs {
  /**
   * When the domain of `host` was last registered, as far as that is known now. What is not known is asked for behind the
   * exchange, so the first exchanges of a source may go without; undefined is no evidence.
   */
  registered(host: string): Promise<Timestamp | undefined>;
}

/** What a registry said of a domain. */
export interface KnownEpoch {
  readonly domain: string;
  /** Null where the registry does not say, or could not be asked. */
  readonly registered: Timestamp | null;
  /** When to ask again. */
  readonly until: Milliseconds;
}

export interface EpochStore {
  get(domain: string): Promise<KnownEpoch | undefined>;
  put(epoch: KnownEpoch): Promise<void>;
}
