/** Epochs: since when a registrable domain has been in the hands in which it is now. */
import type { Milliseconds, Timestamp } from './units.ts';

export interface Epochs {
  /**
   * When the domain of `host` was last registered, as far as that is known now. What is not known is asked for behind the
   * exchange, so the first exchanges of a source may go without; undefined is no evidence.
   */
  registered(host: string): Promise<Timestamp | undefined>;
  /**
   * When `host` came to be served by others, as far as what it is recognised by shows; from memory. What this process has not
   * met, or did not know before, gives nothing.
   */
  turned(host: string): Turn | undefined;
}

/** What a host is recognised by over time, beside the registration of its domain. */
export const MARK_KINDS = ['certificate', 'network', 'name-servers'] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

export interface Mark {
  readonly kind: MarkKind;
  /** All that was seen of it, the newest last. */
  readonly values: readonly string[];
  /** When nothing of it was as before, and how many exchanges of the source had been corroborated until then. */
  readonly turned: { readonly at: Milliseconds; readonly corroborated: number } | null;
  readonly checked: Milliseconds;
}

/** Marks that were replaced within a short time: somebody else serves the host, or it has moved. */
export interface Turn {
  readonly at: Timestamp;
  readonly marks: readonly MarkKind[];
  /** Corroborated exchanges of the source that say nothing about who serves it now. */
  readonly corroborated: number;
}

/** What a connection shows of who serves a host. */
export interface Peer {
  readonly host: string;
  /** Prefix of its address, `192.0.0.0/16`. */
  readonly network: string;
  /** Key and issuer of its certificate; empty in the clear. */
  readonly certificate: readonly string[];
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
  /** All marks of `subject`, a host or a registrable domain. */
  marks(subject: string): Promise<readonly Mark[]>;
  putMarks(subject: string, marks: readonly Mark[]): Promise<void>;
}
