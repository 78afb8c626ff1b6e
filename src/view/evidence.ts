/** What a capture is worth as evidence: content, or a challenge, a refusal, a wall, an error in its place. */
import type { Capture, EvidenceClass } from '../domain/index.ts';
import { type EvidenceRule, isEvidence } from '../rules/evidence.ts';

export interface Worth {
  readonly evidence: EvidenceClass;
  readonly evidenceReason: string;
}

const USABLE: Worth = { evidence: 'usable', evidenceReason: '' };

/** Markers stand at the beginning of small pages; a long one is content. */
const READ = 100_000;

/**
 * Worth of a capture whose markup is `body` and whose visible text is `text`. Rules come first, in their order, since they
 * know more than a status; then the status speaks for itself.
 */
export function worthOf(
  capture: Pick<Capture, 'status' | 'fields' | 'truncated'>,
  body: string,
  text: string,
  rules: readonly EvidenceRule[],
): Worth {
  if (capture.truncated) return { evidence: 'failed', evidenceReason: 'content broke off before its end' };
  const response = { status: capture.status, fields: capture.fields, body: body.slice(0, READ), text };
  const rule = rules.find((candidate) => isEvidence(candidate, response));
  if (rule) return { evidence: rule.match.evidence, evidenceReason: rule.match.reason };
  return worthOfStatus(capture.status);
}

function worthOfStatus(status: number): Worth {
  if (status >= 200 && status < 400) return USABLE;
  const evidenceReason = `status ${status}`;
  if (status === 404 || status === 410) return { evidence: 'soft-404', evidenceReason };
  if (status >= 400 && status < 500) return { evidence: 'blocked', evidenceReason };
  return { evidence: status === 503 ? 'blocked' : 'failed', evidenceReason };
}
