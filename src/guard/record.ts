/** Make the outcome of an exchange durable: bodies first, then the verdict that names them, then the event. */
import type { Decision } from '../decide/index.ts';
import {
  type Attempt,
  type Capture,
  type CaptureRecord,
  type EvidenceClass,
  type Exchange,
  type Finding,
  type NewVerdict,
  type PictureReport,
  type Ports,
  type Recheck,
  SEVERITIES,
  type SnapshotMatch,
  timestamp,
  type Verdict,
  type View,
  type ViewSummary,
} from '../domain/index.ts';
import type { Archived } from './archive.ts';
import type { Asked } from './ask.ts';

export interface Outcome {
  readonly exchange: Exchange;
  /** The crawler's own attempt, and its view where it brought a response. */
  readonly own: Attempt;
  readonly view?: View;
  readonly asked: Asked;
  /** What an archive had of the URL, where one was looked into. */
  readonly archived?: Archived | undefined;
  /** Absent where no response came. */
  readonly match?: SnapshotMatch;
  readonly findings: readonly Finding[];
  readonly picture?: PictureReport;
  readonly decision: Decision;
  /** What is asked again later, and when. */
  readonly rechecks?: readonly Recheck[];
}

const UNREAD = {
  status: null,
  mediaType: 'application/octet-stream',
  bytes: 0,
  verdict: 'unverified',
  action: 'pass',
  score: 0,
  quorum: '0/0',
  digest: { sha256: '', md5: '' },
  snapshot: { status: 'unlisted', dataset: null, date: null },
  views: [],
  findings: [],
} as const;

/** Appends the verdict of `outcome`. When this resolves, the verdict and the bodies it names survive the process. */
export async function recordOutcome(outcome: Outcome, ports: Ports, rules: string): Promise<Verdict> {
  const kept = keptCaptures(outcome);
  try {
    await Promise.all(kept.map((capture) => ports.bodies.put(sha256Of(capture), capture.body.stream())));
    const verdict = await ports.verdicts.append(
      verdictOf(outcome, ports, rules),
      kept.map(recordOf),
      outcome.rechecks,
    );
    ports.events.verdict(verdict);
    return verdict;
  } finally {
    await Promise.all(
      outcome.asked.answers.map(({ attempt }) => attempt.kind === 'capture' && attempt.body.release()),
    );
    await outcome.archived?.capture.body.release();
  }
}

/** The crawler's capture always; references where a reviewer will want to see the difference, and what was held against it. */
function keptCaptures({ own, asked, archived }: Outcome): Capture[] {
  const differs = asked.comparison !== undefined && asked.comparison.relation !== 'equal';
  const attempts = [
    own,
    ...(differs ? asked.answers.map(({ attempt }) => attempt) : []),
    ...(archived === undefined ? [] : [archived.capture]),
  ];
  return attempts.filter((attempt): attempt is Capture => attempt.kind === 'capture' && !attempt.truncated);
}

export const sha256Of = ({ digests }: Capture): string => digests.entity.sha256 ?? '';

export const recordOf = (capture: Capture): CaptureRecord => ({
  identity: capture.identity,
  url: capture.url,
  status: capture.status,
  reason: capture.reason,
  httpVersion: capture.httpVersion,
  fields: capture.fields,
  mediaType: capture.mediaType,
  sha256: sha256Of(capture),
  bytes: capture.body.size,
  startedAt: capture.startedAt,
});

function verdictOf(
  { exchange, own, view, asked, archived, match, findings, picture, decision }: Outcome,
  ports: Ports,
  rules: string,
): NewVerdict {
  const capture = own.kind === 'capture' ? own : undefined;
  return {
    id: exchange.id,
    url: exchange.url,
    source: exchange.source,
    status: capture?.status ?? null,
    mediaType: capture?.mediaType ?? 'application/octet-stream',
    bytes: capture?.received ?? capture?.body.size ?? 0,
    ...decision,
    quorum: asked.quorum.text,
    digest: { sha256: capture?.digests.entity.sha256 ?? '', md5: capture?.digests.entity.md5 ?? '' },
    fetchedAt: timestamp(own.startedAt),
    decidedAt: timestamp(ports.clock()),
    snapshot: {
      status: match?.status ?? 'unlisted',
      dataset: match?.dataset ?? null,
      date: match?.date ?? null,
    },
    views: [
      summaryOf(own, view?.evidence ?? 'failed'),
      ...asked.answers.map(({ attempt, evidence }) => summaryOf(attempt, evidence)),
      ...(archived === undefined ? [] : [summaryOf(archived.capture, archived.view.evidence)]),
    ],
    findings: inOrder(findings),
    ...(picture === undefined ? {} : { picture }),
    rules,
  };
}

/** Four decimals: what a likelihood can honestly claim, and what a reader can read. */
const rounded = (finding: Finding): Finding => ({ ...finding, score: Math.round(finding.score * 1e4) / 1e4 });

/** Findings as verdicts list them, the gravest first. */
export const inOrder = (findings: readonly Finding[]): Finding[] =>
  findings.map(rounded).toSorted(bySeverity);

const bySeverity = (a: Finding, b: Finding): number =>
  SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || b.score - a.score;

export function summaryOf(attempt: Attempt, evidence: EvidenceClass): ViewSummary {
  const { identity, duration: ms } = attempt;
  if (attempt.kind === 'failure') return { identity, status: null, sha256: null, bytes: null, ms, evidence };
  return {
    identity,
    status: attempt.status,
    sha256: sha256Of(attempt),
    bytes: attempt.received ?? attempt.body.size,
    ms,
    evidence,
  };
}

/** What is carried unread (an upgrade, an excluded tunnel) has a verdict too: nothing is known of it. */
export async function recordUnread(
  unread: Pick<Exchange, 'id' | 'url' | 'source' | 'receivedAt'>,
  ports: Pick<Ports, 'verdicts' | 'events' | 'clock'>,
  rules: string,
): Promise<Verdict> {
  const verdict = await ports.verdicts.append(
    {
      id: unread.id,
      url: unread.url,
      source: unread.source,
      ...UNREAD,
      fetchedAt: timestamp(unread.receivedAt),
      decidedAt: timestamp(ports.clock()),
      rules,
    },
    [],
  );
  ports.events.verdict(verdict);
  return verdict;
}
