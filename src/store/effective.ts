/** What a stored verdict means today: its newest review and the fate of its source applied. The record is never edited. */
import type { Action, NewVerdict, Review, Verdict } from '../domain/verdict.ts';

/** A verdict as the engines read it: log line, index row and source joined. */
export interface StoredVerdict {
  readonly seq: number;
  readonly entry: string;
  readonly review: string | null;
  readonly recorded: number;
  /** Log position of the newest confirmed divergence of its source. */
  readonly confirmed: number | null;
}

export const verdictOf = (row: StoredVerdict): Verdict => {
  const { verdict } = JSON.parse(row.entry) as { verdict: NewVerdict };
  const review = row.review === null ? null : (JSON.parse(row.review) as Review);
  return {
    ...inOrder(verdict),
    action: effectiveAction(verdict, review, row),
    review,
    rules: verdict.rules,
    log: row.seq,
    ...(isRevoked(verdict, review, row) ? { revoked: true } : {}),
  };
};

/** Canonical JSON sorts members; people read them in the contract's order. */
const inOrder = ({
  id,
  url,
  source,
  status,
  mediaType,
  bytes,
  verdict,
  action,
  score,
  quorum,
  ...rest
}: NewVerdict) => {
  const { digest, fetchedAt, decidedAt, snapshot, views, findings } = rest;
  const judged = { id, url, source, status, mediaType, bytes, verdict, action, score, quorum };
  return { ...judged, digest, fetchedAt, decidedAt, snapshot, views, findings };
};

/**
 * `dismiss` and `release` let content pass; `confirm` blocks what was suspect or poisoned and leaves the rest as it is.
 * Without a review, what passed before its source was found lying is revoked, which is quarantine: held, and released
 * by a review. What a snapshot record matched stays: the source had no hand in that.
 */
export function effectiveAction(
  verdict: Pick<Verdict, 'verdict' | 'action'>,
  review: Review | null,
  row: Pick<StoredVerdict, 'seq' | 'recorded' | 'confirmed'>,
): Action {
  if (review === null) return isRevoked(verdict, review, row) ? 'quarantine' : verdict.action;
  switch (review.decision) {
    case 'dismiss':
    case 'release':
      return 'pass';
    case 'confirm':
      return verdict.verdict === 'suspect' || verdict.verdict === 'poisoned' ? 'block' : verdict.action;
    default:
      return review.decision satisfies never;
  }
}

const isRevoked = (
  verdict: Pick<Verdict, 'action'>,
  review: Review | null,
  { seq, recorded, confirmed }: Pick<StoredVerdict, 'seq' | 'recorded' | 'confirmed'>,
): boolean =>
  verdict.action === 'pass' && review === null && confirmed !== null && seq < confirmed && recorded === 0;

/** Whether a verdict found a split view: the divergence that sources are counted by. */
export const diverges = (verdict: Pick<Verdict, 'findings'>): boolean =>
  verdict.findings.some(({ kind }) => kind.startsWith('split-view.'));

/** Whether a snapshot record matched exactly, which the source has no hand in. What is `similar` may be a perturbed copy. */
export const isRecorded = ({ snapshot: { status } }: Pick<Verdict, 'snapshot'>): boolean =>
  status === 'same' || status === 'same-pixels';

/** Whether a usable reference or a record corroborated the content. */
export const isCorroborated = (verdict: Pick<Verdict, 'snapshot' | 'quorum'>): boolean =>
  isRecorded(verdict) || Number.parseInt(verdict.quorum, 10) > 0;
