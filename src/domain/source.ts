/** A source: the origin under review, aggregated per host and per registrable domain. */

import type { Ratio, Timestamp } from './units.ts';
import type { Action, VerdictName } from './verdict.ts';

/** What is known of a source before an exchange is planned. */
export interface Standing {
  readonly host: string;
  readonly registrableDomain: string;
  /** Verdicts so far, and how many of them were corroborated by a reference or a record. */
  readonly exchanges: number;
  readonly corroborated: number;
  /** Verdicts with a split view that was not dismissed. */
  readonly divergences: number;
  /** A divergence was confirmed by policy (`poisoned`) or by a person. Raises the audit rate to 1. */
  readonly confirmed: boolean;
  /** Others may serve it since then; `corroborated` counts from there, and until it is known again everything is audited. */
  readonly turned?: Timestamp;
}

/** A standing with the figures a reviewer sorts by, as `GET /v1/sources` serves it. */
export interface SourceSummary extends Standing {
  /** Divergences over exchanges; 0 without exchanges. */
  readonly divergenceRate: Ratio;
  readonly verdicts: Readonly<Record<VerdictName, number>>;
  readonly actions: Readonly<Record<Action, number>>;
  readonly firstSeen: Timestamp;
  readonly lastSeen: Timestamp;
}

/** Noise learnt per source and path template: block skeletons that changed within one identity. */
export interface NoiseBand {
  readonly source: string;
  /** Path with its variable segments replaced, `/news/{n}/{slug}`. */
  readonly template: string;
  /** Keys of volatile places in the page; what a key is belongs to src/compare/noise. */
  readonly volatile: readonly string[];
  readonly pages: number;
}

export const unknownStanding = (host: string, registrableDomain: string): Standing => ({
  host,
  registrableDomain,
  exchanges: 0,
  corroborated: 0,
  divergences: 0,
  confirmed: false,
});
