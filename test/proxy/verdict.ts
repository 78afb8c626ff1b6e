/** Verdicts for tests that are about the way to them. */
import type { Capture, Exchange, Verdict } from '../../src/domain/index.ts';

/** A verdict with nothing behind it, or with what a test says. */
export function aVerdict(
  { id, url, source }: Exchange,
  capture?: Capture,
  said: Pick<Verdict, 'verdict' | 'action' | 'findings'> = {
    verdict: 'unverified',
    action: 'pass',
    findings: [],
  },
): Verdict {
  const now = new Date().toISOString();
  return {
    id,
    url,
    source,
    status: capture?.status ?? null,
    mediaType: capture?.mediaType ?? '',
    bytes: capture?.body.size ?? 0,
    score: 0.5,
    quorum: '0/0',
    digest: { sha256: capture?.digests.entity.sha256 ?? '', md5: capture?.digests.entity.md5 ?? '' },
    fetchedAt: now,
    decidedAt: now,
    snapshot: { status: 'unlisted', dataset: null, date: null },
    views: [],
    review: null,
    rules: 'sha256:',
    log: 1,
    ...said,
  };
}
