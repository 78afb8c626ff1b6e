/** The response fields and the answer by which clients read a verdict: RFC 9651 fields, an RFC 9457 body. */
import { serializeItem, serializeToken, Token } from 'structured-headers';
import type { Fields } from '../domain/exchange.ts';
import { type Finding, SEVERITIES } from '../domain/finding.ts';
import type { Verdict } from '../domain/verdict.ts';

export const VERDICT_FIELD = 'Foretaste-Verdict';
export const FINDINGS_FIELD = 'Foretaste-Findings';
export const PROBLEM_TYPE = 'application/problem+json';

/**
 * `poisoned;action=block;id="01J...";quorum="0/3"`, an RFC 9651 item. Put together by hand, since every response carries it:
 * verdict and action are tokens of a closed set, ids and quorums have nothing to escape.
 */
export const verdictField = ({
  verdict,
  action,
  id,
  quorum,
}: Pick<Verdict, 'verdict' | 'action' | 'id' | 'quorum'>): string =>
  `${verdict};action=${action};id="${id}";quorum="${quorum}"`;

/** `pending;id="01J..."`: content is streamed, its verdict will stand under this id. */
export const pendingField = (id: string): string =>
  serializeItem(new Token('pending'), new Map([['id', id]]));

/**
 * `split-view.text;severity=high;score=0.97, ...`, an RFC 9651 list, most telling first; undefined without findings.
 * A score is always a Decimal: `1.0`, since a client that expects a Decimal may refuse the Integer `1`.
 */
export function findingsField(findings: readonly Finding[]): string | undefined {
  if (findings.length === 0) return undefined;
  return mostTelling(findings)
    .map(
      ({ kind, severity, score }) =>
        `${serializeToken(new Token(kind))};severity=${severity};score=${decimal(score)}`,
    )
    .join(', ');
}

/** RFC 9651, section 4.1.5: three digits at most, one at least; structured-headers 2.1.0 writes `1.` for 1. */
const decimal = (value: number): string => value.toFixed(3).replace(/(\.\d+?)0+$/, '$1');

/** Findings by severity, then score, the strongest first. */
export const mostTelling = (findings: readonly Finding[]): Finding[] =>
  findings.toSorted(
    (a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || b.score - a.score,
  );

/** The two fields as they stand on a delivered response. */
export const verdictFields = (verdict: Verdict): Fields => {
  const findings = findingsField(verdict.findings);
  return [
    [VERDICT_FIELD, verdictField(verdict)],
    ...(findings === undefined ? [] : [[FINDINGS_FIELD, findings] as const]),
  ];
};

/** What a client receives in place of withheld content. */
export interface BlockedAnswer {
  readonly status: number;
  /** `Foretaste-Blocked <kind> <id>`, HTTP/1.1 only; img2dataset writes it into `error_message`. */
  readonly reason: string;
  readonly fields: Fields;
  readonly body: Uint8Array;
}

/**
 * The answer in place of content that policy withholds. Its kind is the strongest finding's; a verdict that policy
 * withholds without any finding is named by the verdict itself.
 * @see RFC 9457 (problem), RFC 9209 section 2.3.6 (http_request_denied)
 */
export function blockedAnswer(verdict: Verdict, status: number): BlockedAnswer {
  const [strongest] = mostTelling(verdict.findings);
  const kind = strongest?.kind ?? verdict.verdict;
  const problem = {
    type: `urn:foretaste:problem:${verdict.action === 'quarantine' ? 'quarantined' : 'blocked'}`,
    title: verdict.action === 'quarantine' ? 'Content is held in quarantine' : 'Content is blocked',
    status,
    detail: strongest?.summary ?? `Policy withholds content whose verdict is ${verdict.verdict}.`,
    instance: `/v1/verdicts/${verdict.id}`,
    id: verdict.id,
    url: verdict.url,
    verdict: verdict.verdict,
    action: verdict.action,
    score: verdict.score,
    quorum: verdict.quorum,
    findings: mostTelling(verdict.findings).map(({ kind, severity, score, summary, taxonomy, rule }) => ({
      kind,
      severity,
      score,
      summary,
      taxonomy,
      rule,
    })),
  };
  const body = new TextEncoder().encode(`${JSON.stringify(problem)}\n`);
  return {
    status,
    reason: `Foretaste-Blocked ${kind} ${verdict.id}`,
    fields: [
      ...verdictFields(verdict),
      ['Content-Type', PROBLEM_TYPE],
      ['Content-Length', String(body.length)],
      ['Cache-Control', 'no-store'],
      ['Proxy-Status', 'foretaste;error=http_request_denied'],
    ],
    body,
  };
}
