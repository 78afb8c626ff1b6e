/** Rows of the filter list: one per URL and digest, in the contract's columns. */
import type { Verdict } from '../../domain/verdict.ts';

/** Name and type of each column; the order is the contract's. */
export const COLUMNS = [
  { name: 'url', type: 'string' },
  { name: 'source', type: 'string' },
  { name: 'sha256', type: 'string' },
  { name: 'md5', type: 'string' },
  { name: 'media_type', type: 'string' },
  { name: 'bytes', type: 'integer' },
  { name: 'verdict', type: 'string' },
  { name: 'action', type: 'string' },
  { name: 'score', type: 'number' },
  { name: 'findings', type: 'string' },
  { name: 'quorum', type: 'string' },
  { name: 'snapshot_status', type: 'string' },
  { name: 'dataset', type: 'string' },
  { name: 'fetched_at', type: 'string' },
  { name: 'decided_at', type: 'string' },
  { name: 'reviewed', type: 'string' },
  { name: 'id', type: 'string' },
] as const;

export type Row = Readonly<Record<(typeof COLUMNS)[number]['name'], string | number | null>>;

/**
 * `findings`: the kinds, each once, separated by commas, empty where there are none. `reviewed`: the newest decision,
 * `revoked` where the content had passed before its source was found lying, null where nobody decided.
 */
export const rowOf = (verdict: Verdict): Row => ({
  url: verdict.url,
  source: verdict.source,
  sha256: verdict.digest.sha256,
  md5: verdict.digest.md5,
  media_type: verdict.mediaType,
  bytes: verdict.bytes,
  verdict: verdict.verdict,
  action: verdict.action,
  score: verdict.score,
  findings: [...new Set(verdict.findings.map(({ kind }) => kind))].join(','),
  quorum: verdict.quorum,
  snapshot_status: verdict.snapshot.status,
  dataset: verdict.snapshot.dataset,
  fetched_at: verdict.fetchedAt,
  decided_at: verdict.decidedAt,
  reviewed: verdict.review?.decision ?? (verdict.revoked ? 'revoked' : null),
  id: verdict.id,
});
