/** The pipeline: one exchange, one way. Plan, fetch, view, match, compare, screen, decide, record. */
import { decide } from './decide/index.ts';
import type {
  Arrival,
  Attempt,
  AuditPolicy,
  Capture,
  Delivery,
  Exchange,
  Guard,
  HeldContent,
  Identity,
  Judgement,
  Policy,
  Ports,
  Screens,
  Signal,
  Verdict,
} from './domain/index.ts';
import { besideArchive, lookInArchives } from './guard/archive.ts';
import { askAround, type Inquiry, NOBODY } from './guard/ask.ts';
import { type Brief, briefOn } from './guard/brief.ts';
import { rechecksOf } from './guard/due.ts';
import { captureHeld } from './guard/held.ts';
import { learnNoise } from './guard/learn.ts';
import { recordOutcome } from './guard/record.ts';
import type { Rules } from './rules/rules.ts';
import { labelFindings } from './snapshot/label.ts';
import { matchRecords } from './snapshot/ladder.ts';
import { createViewer, glanceAt, type Viewer } from './view/index.ts';

/** How a guard judges; fixed while it runs. */
export interface GuardSettings {
  readonly mode: 'enforce' | 'observe';
  readonly audit: AuditPolicy;
  readonly identities: readonly Identity[];
  readonly policy: Policy;
  readonly rules: Pick<Rules, 'volatile' | 'evidence' | 'text' | 'digest'>;
  readonly screens: Screens;
}

export const createGuard = (ports: Ports, settings: GuardSettings): Guard => ({
  judge: (exchange, options) => judge(exchange, options, ports, settings),
  screen: (held) => screenHeld(held, ports, settings),
});

/** Judge one exchange. Reads in the order in which things happen. */
async function judge(
  exchange: Exchange,
  { stream, signal }: { stream: boolean; signal: Signal },
  ports: Ports,
  settings: GuardSettings,
): Promise<Delivery> {
  const brief = await briefOn(exchange, ports, settings);
  const arriving = ports.fetcher.own(exchange, signal);
  const viewer = createViewer({ decoder: ports.decoder, rules: settings.rules });
  const inquiry = askAround(exchange, { brief, viewer }, ports, settings);
  const conclusion = (own: Attempt) => conclude({ exchange, own, brief, inquiry, viewer }, ports, settings);
  const arrival = await arriving;
  if (arrival.kind === 'failure') return { kind: 'judged', judgement: await conclusion(arrival) };
  if (stream && (settings.mode === 'observe' || (await arrival.overflow)))
    return { kind: 'streaming', arrival, judgement: arrival.whole.then(conclusion) };
  return { kind: 'judged', judgement: await conclusion(await wholeOf(arrival)) };
}

/** The whole response; what goes over `limits.body` is drained, since nobody else will read it. */
async function wholeOf(arrival: Arrival): Promise<Attempt> {
  if (await arrival.overflow) for await (const _ of arrival.stream());
  return arrival.whole;
}

/** An exchange whose own answer has come, one way or the other. */
interface Answered {
  readonly exchange: Exchange;
  readonly own: Attempt;
  readonly brief: Brief;
  readonly inquiry: Inquiry;
  /** Views of all that came of this exchange. */
  readonly viewer: Viewer;
  /** Nothing was fetched, so there is nothing to ask for again. */
  readonly held?: true;
}

/** From the crawler's own answer to a durable verdict. */
async function conclude(
  { exchange, own, brief, inquiry, viewer, held }: Answered,
  ports: Ports,
  settings: GuardSettings,
): Promise<Judgement> {
  if (own.kind === 'failure') {
    const asked = await inquiry.abandon();
    const decision = decide({ findings: [], corroborated: false }, settings.policy);
    const outcome = { exchange, own, asked, findings: [], decision };
    return { verdict: await recordOutcome(outcome, ports, settings.rules.digest), failure: own };
  }
  const view = isLookedAt({ exchange, own, brief, inquiry }, settings.screens)
    ? await viewer(own)
    : glanceAt(own, settings.rules);
  const onRecord = matchRecords(brief.records, own, view, exchange.expectedDigests);
  const { settled, agrees } = onRecord;
  if (agrees !== undefined && onRecord.match.dataset !== null)
    ports.snapshots.tally(onRecord.match.dataset, agrees);
  const [asked, archived] = await Promise.all([
    inquiry.holdAgainst(view, settled),
    held ? undefined : lookInArchives(exchange, { brief, matched: onRecord, view }, ports, settings),
  ]);
  const { match, findings: recorded } = besideArchive(onRecord, view, archived, brief, settings);
  await learnNoise(exchange, brief, asked.comparison, ports);
  const references = asked.answers
    .filter(({ repeat, evidence }) => !repeat && evidence === 'usable')
    .flatMap((answer) => answer.view ?? []);
  // Two copies of a picture say whether one was altered, whenever the other was made.
  const copies = archived?.view.evidence === 'usable' ? [...references, archived.view] : references;
  const labels = labelFindings(brief.records, exchange.label);
  const epoch = settled ? [] : brief.epoch.findings;
  const examined = await ports.examiner.examine(view, copies, settings.screens);
  const findings = [...asked.findings, ...recorded, ...labels, ...epoch, ...examined.findings];
  // What could not be looked at to the end is not clean, whoever corroborates it.
  const corroborated = (settled || asked.quorum.holds) && examined.failed === undefined;
  const decision = decide({ findings, corroborated }, settings.policy);
  const draws = { sampler: ports.sampler, sampled: held ? 0 : settings.audit.floor, now: ports.clock() };
  const rechecks = rechecksOf({ exchange, own, view, settled, decision }, draws);
  const { picture } = examined;
  const outcome = { exchange, own, view, asked, archived, match, findings, picture, decision, rechecks };
  return { verdict: await recordOutcome(outcome, ports, settings.rules.digest), capture: own };
}

/** Whether anything will be held against the content; an answer other than 2xx is told from a challenge by what it says. */
const isLookedAt = (
  { exchange, own, brief, inquiry }: Omit<Answered, 'viewer'> & { own: Capture },
  { image, text, code }: Screens,
): boolean =>
  inquiry !== NOBODY ||
  image ||
  text ||
  code ||
  brief.records.length > 0 ||
  exchange.expectedDigests !== undefined ||
  own.status < 200 ||
  own.status >= 300;

/** Judge content that is already held: records and screens, without asking anybody. */
async function screenHeld(held: HeldContent, ports: Ports, settings: GuardSettings): Promise<Verdict> {
  const { exchange, own } = await captureHeld(held, ports);
  const brief = await briefOn(exchange, ports, settings);
  const viewer = createViewer({ decoder: ports.decoder, rules: settings.rules });
  const answered = { exchange, own, brief, inquiry: NOBODY, viewer, held: true } as const;
  const { verdict } = await conclude(answered, ports, settings);
  return verdict;
}
