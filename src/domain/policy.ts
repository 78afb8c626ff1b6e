/** Policy: what evidence amounts to, and what is done about it. Loaded from rules/policy. */
import type { FindingKind } from './finding.ts';
import type { Bytes, Milliseconds, Ratio } from './units.ts';
import type { Action, VerdictName } from './verdict.ts';

export interface Policy {
  readonly name: string;
  /** Probability that an exchange is poison before anything is known of it. */
  readonly prior: Ratio;
  /** Posterior from which a verdict is `suspect`, and from which it is `poisoned`. */
  readonly levels: { readonly suspect: Ratio; readonly block: Ratio };
  readonly actions: Readonly<Record<VerdictName, Action>>;
  /** Status of the answer in place of withheld content. */
  readonly blockStatus: number;
  /**
   * Per kind: likelihood ratio of a finding with score 1, and the group of kinds it shares evidence with
   * (the strongest of a group counts, groups multiply).
   */
  readonly weights: Readonly<Record<FindingKind, { readonly ratio: number; readonly group: string }>>;
}

/** How often and how far an exchange without other corroboration is refetched. */
export interface AuditPolicy {
  readonly rate: 'adaptive' | Ratio;
  readonly floor: Ratio;
  readonly deadline: Milliseconds;
  readonly maxViews: number;
}

export interface Limits {
  readonly body: Bytes;
  readonly inflate: Bytes;
  readonly pixels: number;
  readonly header: Bytes;
  /** Refetches that one identity makes of one origin at a time. The crawler's own requests are not counted: its pace is its own. */
  readonly perHost: number;
}
