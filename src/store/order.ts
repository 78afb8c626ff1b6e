/** Verdicts and records of captures with their members in the order of canonical JSON, which is written at once then. */
import type { CaptureRecord } from '../domain/exchange.ts';
import type { NewVerdict, ViewSummary } from '../domain/verdict.ts';

/** Every member of `T` by name, optional ones too: what the domain adds cannot be forgotten here. */
type Whole<T> = { readonly [Name in keyof Required<T>]: T[Name] };

export const verdictInOrder = (verdict: NewVerdict): Whole<NewVerdict> => ({
  action: verdict.action,
  bytes: verdict.bytes,
  decidedAt: verdict.decidedAt,
  digest: { md5: verdict.digest.md5, sha256: verdict.digest.sha256 },
  fetchedAt: verdict.fetchedAt,
  findings: verdict.findings,
  id: verdict.id,
  mediaType: verdict.mediaType,
  picture: verdict.picture,
  quorum: verdict.quorum,
  rules: verdict.rules,
  score: verdict.score,
  snapshot: snapshotInOrder(verdict.snapshot),
  source: verdict.source,
  status: verdict.status,
  url: verdict.url,
  verdict: verdict.verdict,
  views: verdict.views.map(viewInOrder),
});

const snapshotInOrder = ({
  dataset,
  date,
  status,
}: NewVerdict['snapshot']): Whole<NewVerdict['snapshot']> => ({
  dataset,
  date,
  status,
});

const viewInOrder = (view: ViewSummary): Whole<ViewSummary> => ({
  bytes: view.bytes,
  evidence: view.evidence,
  identity: view.identity,
  ms: view.ms,
  sha256: view.sha256,
  status: view.status,
});

export const recordInOrder = (record: CaptureRecord): Whole<CaptureRecord> => ({
  bytes: record.bytes,
  fields: record.fields,
  httpVersion: record.httpVersion,
  identity: record.identity,
  mediaType: record.mediaType,
  reason: record.reason,
  sha256: record.sha256,
  startedAt: record.startedAt,
  status: record.status,
  url: record.url,
});
