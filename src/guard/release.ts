/** Re-admission: what is quarantined, and proves today to be what was recorded, is let go by rule. */
import {
  type Capture,
  type CaptureRecord,
  CRAWLER,
  type FindingKind,
  ForetasteError,
  type Milliseconds,
  type Ports,
  type SnapshotMatch,
  type Timestamp,
  timestamp,
  type Verdict,
} from '../domain/index.ts';
import type { GuardSettings } from '../guard.ts';
import { mayRelease, type ReleaseRule } from '../rules/release.ts';
import { ruleName } from '../rules/rule.ts';
import { leavesOpen } from '../snapshot/archived.ts';
import { matchRecords } from '../snapshot/ladder.ts';
import { viewOf } from '../view/index.ts';
import { archivedView, besideArchive } from './archive.ts';

export interface ReleaseTools {
  readonly ports: Ports;
  readonly settings: Pick<GuardSettings, 'rules'>;
  /** A kept capture with all digests of its content; undefined where its content is no longer kept. */
  readonly captureOf: (record: CaptureRecord) => Promise<Capture | undefined>;
}

/** A quarantined verdict, how its content stands to the records of today, and whether the rule lets it go. */
export interface Candidate {
  readonly verdict: Verdict;
  readonly match: Pick<SnapshotMatch, 'status' | 'dataset' | 'date'>;
  readonly kinds: readonly FindingKind[];
  readonly released: boolean;
}

/** Bulk work has no client waiting: an archive's turn may be minutes away. */
const ARCHIVE_PATIENCE: Milliseconds = 120_000;

/**
 * Every verdict that is quarantined without a review, newest per URL and digest, that `wanted` takes, held against today's records.
 * Nothing is written here.
 */
async function* candidates(
  { rule, since, wanted }: Pick<ReleaseOrder, 'rule' | 'since' | 'wanted'>,
  tools: ReleaseTools,
): AsyncIterable<Candidate> {
  for await (const verdict of tools.ports.verdicts.export(since === undefined ? {} : { since })) {
    if (verdict.action !== 'quarantine' || verdict.review !== null || !wanted(verdict)) continue;
    const { match, kinds } = await standingOf(verdict, tools);
    const subject = { snapshot: match.status, findings: [...kinds], type: verdict.mediaType };
    yield { verdict, match, kinds, released: mayRelease(rule, subject) };
  }
}

export interface ReleaseOrder {
  readonly rule: ReleaseRule;
  readonly since?: Timestamp;
  readonly wanted: (verdict: Verdict) => boolean;
  /** Only say what would be let go. */
  readonly dryRun: boolean;
  readonly reviewer: string;
  readonly note: string;
  /** Most that are let go. */
  readonly most?: number;
}

/** Lets go what the rule allows, a review each, and tells of every candidate as it is done. */
export async function* release(order: ReleaseOrder, tools: ReleaseTools): AsyncIterable<Candidate> {
  const { ports } = tools;
  let released = 0;
  for await (const candidate of candidates(order, tools)) {
    if (candidate.released && !order.dryRun) {
      const note = releaseNote(order.rule, candidate, order.note);
      const at = timestamp(ports.clock());
      const { id } = candidate.verdict;
      ports.events.review(await ports.verdicts.review(id, 'release', note, order.reviewer, at));
    }
    yield candidate;
    if (candidate.released) released++;
    if (released === order.most) return;
  }
}

/** Re-admission as the API and the dashboard see it: rules by name. */
export interface ReleaseDesk {
  readonly rules: ReadonlyArray<Pick<ReleaseRule, 'id' | 'version' | 'status' | 'description'>>;
  /** As `release`. Throws ForetasteError `bad-request` where no rule has that id. */
  release(order: Omit<ReleaseOrder, 'rule'> & { readonly rule: string }): AsyncIterable<Candidate>;
}

export const releaseDesk = (tools: ReleaseTools, rules: readonly ReleaseRule[]): ReleaseDesk => ({
  rules,
  release: (order) => release({ ...order, rule: releaseRule(rules, order.rule) }, tools),
});

/** The note that stands in the log: which rule, and what it went by. */
const releaseNote = (rule: ReleaseRule, { match }: Candidate, note: string): string =>
  `${ruleName(rule)}: ${match.status}${match.dataset === null ? '' : ` to ${match.dataset}${match.date === null ? '' : ` of ${match.date.slice(0, 10)}`}`}${note === '' ? '' : `. ${note}`}`;

/** Throws ForetasteError `bad-request` where no rule has that id. */
export function releaseRule(rules: readonly ReleaseRule[], id: string): ReleaseRule {
  const rule = rules.find((each) => each.id === id);
  if (rule === undefined)
    throw new ForetasteError(
      'bad-request',
      `Expected one of ${rules.map((each) => each.id).join(', ')} but received "${id}".`,
      { where: 'rule' },
    );
  return rule;
}

/** How the kept content stands today, and the kinds found: those of the verdict, with what records say now in place of what they said. */
async function standingOf(
  verdict: Verdict,
  { ports, settings, captureOf }: ReleaseTools,
): Promise<Pick<Candidate, 'match' | 'kinds'>> {
  const [record] = await ports.verdicts.captures(verdict.id);
  const capture = record?.identity === CRAWLER ? await captureOf(record) : undefined;
  const kept = verdict.findings.filter(({ kind }) => kind !== 'snapshot.changed');
  // Without the content nothing can be proved anew, and what was proved then stands.
  if (capture === undefined)
    return { match: verdict.snapshot, kinds: verdict.findings.map(({ kind }) => kind) };
  const view = await viewOf(capture, { decoder: ports.decoder, rules: settings.rules });
  const onRecord = matchRecords(await ports.snapshots.find(verdict.url), capture, view);
  const { date } = onRecord.match;
  const archived = leavesOpen(onRecord, view)
    ? await archivedView(
        {
          url: verdict.url,
          near: Date.parse(date ?? verdict.fetchedAt),
          deadline: ports.clock() + ARCHIVE_PATIENCE,
        },
        ports,
        settings,
      )
    : undefined;
  const { match, findings } = besideArchive(onRecord, view, archived, {}, settings);
  await archived?.capture.body.release();
  return { match, kinds: [...kept, ...findings].map(({ kind }) => kind) };
}
