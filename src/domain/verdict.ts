/** A verdict: what all findings of one exchange amount to, in the shape the API serves. */
import type { Finding } from './finding.ts';
import type { IdentityName } from './identity.ts';
import type { PictureReport } from './picture.ts';
import type { SnapshotStatus } from './snapshot.ts';
import type { Bytes, Hex, Milliseconds, Ratio, Timestamp } from './units.ts';

export const VERDICTS = ['clean', 'unverified', 'suspect', 'poisoned'] as const;
export type VerdictName = (typeof VERDICTS)[number];

export const ACTIONS = ['pass', 'quarantine', 'block'] as const;
export type Action = (typeof ACTIONS)[number];

/** What a capture is worth as evidence. Only `usable` ones vote. */
export const EVIDENCE_CLASSES = ['usable', 'challenged', 'blocked', 'failed', 'soft-404', 'late'] as const;
export type EvidenceClass = (typeof EVIDENCE_CLASSES)[number];

/** One view in a verdict's list: who asked, and what came. */
export interface ViewSummary {
  readonly identity: IdentityName;
  readonly status: number | null;
  readonly sha256: Hex | null;
  readonly bytes: Bytes | null;
  readonly ms: Milliseconds;
  readonly evidence: EvidenceClass;
}

export const DECISIONS = ['confirm', 'dismiss', 'release'] as const;
export type Decision = (typeof DECISIONS)[number];

/** A person's decision about a verdict; appended, never edited. The newest one counts. */
export interface Review {
  readonly decision: Decision;
  readonly note: string;
  readonly reviewer: string;
  readonly at: Timestamp;
}

export interface Verdict {
  readonly id: string;
  readonly url: string;
  readonly source: string;
  /** Null when no response came. */
  readonly status: number | null;
  readonly mediaType: string;
  readonly bytes: Bytes;
  readonly verdict: VerdictName;
  readonly action: Action;
  /** Probability, after all findings and the prior of policy, that the content is poison. */
  readonly score: Ratio;
  /** Usable references that corroborated, of usable references: `"2/3"`. `"0/0"`: none was usable. */
  readonly quorum: `${number}/${number}`;
  readonly digest: { readonly sha256: Hex; readonly md5: Hex };
  readonly fetchedAt: Timestamp;
  readonly decidedAt: Timestamp;
  readonly snapshot: {
    readonly status: SnapshotStatus;
    readonly dataset: string | null;
    readonly date: Timestamp | null;
  };
  readonly views: readonly ViewSummary[];
  readonly findings: readonly Finding[];
  /** What the screens measured, where the content is a picture that was looked at. */
  readonly picture?: PictureReport;
  readonly review: Review | null;
  /** Digest of the rules in force, `sha256:...`. */
  readonly rules: string;
  /** Position in the append-only log of this store, from 1. */
  readonly log: number;
  /** Present where content had passed before its source was found lying: its action is `quarantine` since then. */
  readonly revoked?: true;
}

/** A verdict before the store has given it its place in the log. */
export type NewVerdict = Omit<Verdict, 'log' | 'review' | 'revoked'>;
