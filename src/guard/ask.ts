/** Ask around: references beside the crawler's own request, more on difference, until it is settled or the budget spent. */
import { type Comparison, compareViews } from '../compare/index.ts';
import type { Attempt, EvidenceClass, Exchange, Finding, Identity, Ports, View } from '../domain/index.ts';
import { type NextViews, nextViews, planViews } from '../fetch/plan.ts';
import { type Quorum, quorumOf } from '../fetch/quorum.ts';
import type { GuardSettings } from '../guard.ts';
import { viewOf } from '../view/index.ts';
import type { Brief } from './brief.ts';

/** An attempt other than the crawler's own first one, and what it was worth. */
export interface Answer {
  readonly attempt: Attempt;
  readonly evidence: EvidenceClass;
  /** Absent where no response came. */
  readonly view?: View;
  /** The crawler's identity asked again: it tells noise, and never votes. */
  readonly repeat: boolean;
}

/** What asking around brought. */
export interface Asked {
  readonly answers: readonly Answer[];
  /** Absent where nobody was asked. */
  readonly comparison?: Comparison;
  readonly quorum: Quorum;
  readonly findings: readonly Finding[];
}

export interface Inquiry {
  /** Hold the crawler's view against the references; `settled` by a record, nobody need be asked. */
  holdAgainst(crawler: View, settled: boolean): Promise<Asked>;
  /** The crawler got no response: call off what is under way. */
  abandon(): Promise<Asked>;
}

const NOTHING: Asked = { answers: [], quorum: quorumOf([], []), findings: [] };

/** The inquiry in which nobody is asked. */
export const NOBODY: Inquiry = { holdAgainst: async () => NOTHING, abandon: async () => NOTHING };

/**
 * Begin an inquiry; `NOBODY` where the plan has nobody to ask. What the plan asks for first goes out at once, beside the crawler's own request, unless a record may
 * still make it needless. The deadline of `settings.audit` counts from here.
 */
export function askAround(exchange: Exchange, brief: Brief, ports: Ports, settings: GuardSettings): Inquiry {
  const plan = planViews(exchange, { ...brief, settledByRecord: false });
  // A record can only make references needless: where none are planned without it, none ever are.
  if (plan.first.length === 0) return NOBODY;
  const calledOff = new AbortController();
  const deadline = AbortSignal.timeout(settings.audit.deadline);
  const signal = AbortSignal.any([calledOff.signal, deadline]);

  const answerOf = async (attempt: Attempt, repeat: boolean): Promise<Answer> => {
    if (attempt.kind === 'failure')
      return { attempt, evidence: deadline.aborted ? 'late' : 'failed', repeat };
    const view = await viewOf(attempt, { decoder: ports.decoder, rules: settings.rules });
    return { attempt, evidence: view.evidence, view, repeat };
  };
  const askAs = async (identity: Identity) =>
    answerOf(await ports.fetcher.as(identity, exchange, signal), false);
  const askAgain = async () => answerOf(await ownAgain(exchange, ports, signal), true);
  const ask = ({ repeat, ask: identities }: NextViews): Promise<Answer[]> =>
    Promise.all([...(repeat ? [askAgain()] : []), ...identities.map(askAs)]);

  const askFirst = () => ask({ repeat: plan.repeat, ask: plan.first });
  const early = brief.mayBeSettled ? undefined : askFirst();

  return {
    abandon: async () => {
      calledOff.abort();
      return { ...NOTHING, answers: (await early) ?? [] };
    },
    holdAgainst: async (crawler, settled) => {
      const needed = settled ? planViews(exchange, { ...brief, settledByRecord: true }) : plan;
      if (needed.first.length === 0) return NOTHING;
      const answers = await (early ?? askFirst());
      for (;;) {
        const comparison = compare(crawler, answers, brief, settings);
        const next = signal.aborted
          ? undefined
          : nextViews({
              plan,
              asked: answers.filter(({ repeat }) => !repeat).map(({ attempt }) => attempt.identity),
              repeats: answers.filter(({ repeat }) => repeat).length,
              comparison,
              crawlerUsable: crawler.evidence === 'usable',
            });
        if (next === undefined) {
          const quorum = quorumOf(comparison.votes, settings.identities);
          return { answers, comparison, quorum, findings: findingsOf(comparison) };
        }
        answers.push(...(await ask(next)));
      }
    },
  };
}

/** The crawler's own request once more; one that goes over `limits.body` is broken off, since nobody reads its stream. */
export async function ownAgain(
  exchange: Exchange,
  { fetcher }: Pick<Ports, 'fetcher'>,
  signal: AbortSignal,
): Promise<Attempt> {
  const tooLong = new AbortController();
  const arrival = await fetcher.own(exchange, AbortSignal.any([signal, tooLong.signal]));
  if (arrival.kind === 'failure') return arrival;
  if (await arrival.overflow) tooLong.abort();
  return arrival.whole;
}

function compare(
  crawler: View,
  answers: readonly Answer[],
  { noise }: Brief,
  { rules }: GuardSettings,
): Comparison {
  const views = (repeat: boolean) =>
    answers
      .filter((answer) => answer.repeat === repeat)
      .flatMap(({ view }) => (view === undefined ? [] : [view]));
  return compareViews({
    crawler,
    repeats: views(true),
    references: views(false),
    ...(noise === undefined ? {} : { noise }),
    rules,
  });
}

/** The findings of a comparison, each with the fingerprint of the divergence: equal ones are reviewed as one. */
const findingsOf = ({ findings, fingerprint }: Comparison): Finding[] =>
  findings.map((finding) =>
    fingerprint === undefined ? finding : { ...finding, evidence: { ...finding.evidence, fingerprint } },
  );
