/** Recheck: ask a URL again, as the crawler and as a reference, and hold what passed against what is there now. */
import { decide } from '../decide/index.ts';
import {
  type Attempt,
  type Capture,
  type CaptureRecord,
  CRAWLER,
  type Exchange,
  type Milliseconds,
  type Ports,
  type Recheck,
  timestamp,
  unknownStanding,
  type Verdict,
  type View,
} from '../domain/index.ts';
import { planViews } from '../fetch/plan.ts';
import { templateOf } from '../fetch/template.ts';
import type { GuardSettings } from '../guard.ts';
import { matchRecords } from '../snapshot/ladder.ts';
import { viewOf } from '../view/index.ts';
import { archivedView } from './archive.ts';
import { ownAgain } from './ask.ts';
import { RECHECK_AFTER } from './due.ts';
import { inOrder, recordOf, sha256Of, summaryOf } from './record.ts';
import { relatePictures } from './relate.ts';
import { revertedFinding } from './reverted.ts';
import { visitorsOf } from './visit.ts';

/** Content that stood there so long before was no edit made for the crawler: as long as the first recheck comes after. */
const LONG_BEFORE: Milliseconds = Math.min(...RECHECK_AFTER);
/** What an archive captured earlier than this before that is another page by now: everything in it has come since. */
const NOT_LONG_BEFORE: Milliseconds = 30 * 24 * 3_600_000;
/** Verdicts of the URL that are looked through, and earlier captures that are viewed. */
const MOST_VERDICTS = 50;
const MOST_EARLIER = 3;

export interface RecheckTools {
  readonly ports: Ports;
  readonly settings: GuardSettings;
  /** A kept capture as it was compared; undefined where its content is no longer kept. */
  readonly viewKept: (record: CaptureRecord) => Promise<View | undefined>;
}

/**
 * Ask again what `recheck` names. Where content that passed turns out to have been there only for a while, a new verdict about
 * that content is appended and returned, so that an export shows the pass revoked. Otherwise nothing is recorded: that a page
 * stayed, or could not be reached, is no news. A person's review stands.
 */
export async function recheckUrl(
  { verdict: id, asked }: Recheck,
  tools: RecheckTools,
  signal: AbortSignal,
): Promise<Verdict | undefined> {
  const { ports, settings } = tools;
  const past = await pastOf(id, tools);
  if (past === undefined) return undefined;
  const exchange: Exchange = { ...asked, id: ports.newId(), method: 'GET', receivedAt: ports.clock() };
  const captures = await askNow(exchange, ports, settings, signal);
  try {
    if (captures.length < 2) return undefined;
    const now = await Promise.all(
      captures.map((capture) => viewOf(capture, { decoder: ports.decoder, rules: settings.rules })),
    );
    const [own] = captures as [Capture];
    await relatePictures(past.seen, [...now, ...past.before], ports.examiner);
    const records = await ports.snapshots.find(asked.url);
    const noise = await ports.sources.noise(asked.source, templateOf(asked.url));
    const finding = revertedFinding({
      ...past,
      at: past.verdict.decidedAt,
      now,
      asRecorded: matchRecords(records, own, now[0]).settled,
      ...(noise === undefined ? {} : { noise }),
      rules: settings.rules,
    });
    if (finding === undefined) return undefined;
    await Promise.all(captures.map((capture) => ports.bodies.put(sha256Of(capture), capture.body.stream())));
    const { log: _log, review: _review, revoked: _revoked, ...judged } = past.verdict;
    const findings = inOrder([...judged.findings, finding]);
    const fresh = {
      ...judged,
      ...decide({ findings, corroborated: judged.verdict === 'clean' }, settings.policy),
      id: exchange.id,
      decidedAt: timestamp(ports.clock()),
      views: [
        ...judged.views,
        ...captures.map((capture, at) => summaryOf(capture, now[at]?.evidence ?? 'failed')),
      ],
      findings,
      rules: settings.rules.digest,
    };
    const kept = await ports.verdicts.append(fresh, [past.record, ...captures.map(recordOf)]);
    ports.events.verdict(kept);
    return kept;
  } finally {
    await Promise.all(captures.map(({ body }) => body.release()));
  }
}

interface Past {
  readonly verdict: Verdict;
  readonly record: CaptureRecord;
  readonly seen: View;
  readonly before: readonly View[];
}

/** What passed then and what was known before; undefined where there is nothing to revoke or nothing to hold against. */
async function pastOf(id: string, tools: RecheckTools): Promise<Past | undefined> {
  const { verdicts } = tools.ports;
  const verdict = await verdicts.get(id);
  if (verdict === undefined || verdict.action !== 'pass' || verdict.review !== null) return undefined;
  const { items } = await verdicts.list({ url: verdict.url, limit: MOST_VERDICTS });
  const told = items.some(
    ({ digest, findings }) =>
      digest.sha256 === verdict.digest.sha256 && findings.some(({ kind }) => kind === 'frontrun.reverted'),
  );
  const own = await keptView(verdict, tools);
  if (told || own === undefined) return undefined;
  const last = timestamp(Date.parse(verdict.decidedAt) - LONG_BEFORE);
  const older = items.filter(({ log, decidedAt }) => log < verdict.log && decidedAt <= last);
  const distinct = older.filter(
    ({ digest }, at) => older.findIndex((other) => other.digest.sha256 === digest.sha256) === at,
  );
  const kept = await Promise.all(distinct.slice(0, MOST_EARLIER).map((each) => keptView(each, tools)));
  const before = kept.flatMap((each) => each?.view ?? []);
  const earlier = before.length > 0 ? before : await archivedBefore(verdict, Date.parse(last), tools);
  return { verdict, record: own.record, seen: own.view, before: earlier };
}

/** What an archive captured of the URL while nobody here had asked for it yet. */
async function archivedBefore(
  { url }: Verdict,
  last: Milliseconds,
  { ports, settings }: RecheckTools,
): Promise<View[]> {
  const deadline = ports.clock() + settings.audit.deadline;
  const archived = await archivedView({ url, near: last, before: last, deadline }, ports, settings);
  await archived?.capture.body.release();
  return archived === undefined || archived.capture.startedAt < last - NOT_LONG_BEFORE ? [] : [archived.view];
}

/** The crawler's own capture of a verdict, viewed again. */
async function keptView(
  { id }: Verdict,
  { ports, viewKept }: RecheckTools,
): Promise<{ record: CaptureRecord; view: View } | undefined> {
  const [record] = await ports.verdicts.captures(id);
  if (record?.identity !== CRAWLER) return undefined;
  const view = await viewKept(record);
  return view && { record, view };
}

/** The crawler's request once more and one reference beside it; only what came whole. */
async function askNow(
  exchange: Exchange,
  { fetcher, sampler }: Ports,
  { audit, identities }: GuardSettings,
  signal: AbortSignal,
): Promise<Capture[]> {
  const [reference] = planViews(exchange, {
    standing: unknownStanding(exchange.source, exchange.source),
    settledByRecord: false,
    audit: { ...audit, rate: 1 },
    draw: sampler.draw(exchange),
    identities,
  }).order;
  if (reference === undefined) return [];
  const within = AbortSignal.any([signal, AbortSignal.timeout(audit.deadline)]);
  const attempts = await Promise.all([
    ownAgain(exchange, { fetcher }, within),
    visitorsOf(exchange, { fetcher, sampler }, within).ask(reference),
  ]);
  return attempts.filter((attempt: Attempt) => attempt.kind === 'capture' && !attempt.truncated) as Capture[];
}
