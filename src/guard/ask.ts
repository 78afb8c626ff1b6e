/** Ask around: references beside the crawler's own request, more on difference, until it is settled or the budget spent. */
import { type Comparison, compareViews } from '../compare/index.ts';
import type { Attempt, EvidenceClass, Exchange, Finding, Identity, Ports, View } from '../domain/index.ts';
import { type NextViews, nextViews, planViews } from '../fetch/plan.ts';
import { type Quorum, quorumOf } from '../fetch/quorum.ts';
import type { GuardSettings } from '../guard.ts';
import type { Viewer } from '../view/index.ts';
import type { Brief } from './brief.ts';
import { relatePictures } from './relate.ts';
import { hasCookies, visitorsOf } from './visit.ts';

/** An attempt other than the crawler's own first one, and what it was worth. */
export interface Answer {
  readonly attempt: Attempt;
  readonly evidence: EvidenceClass;
  /** Absent where no response came. */
  readonly view?: View;
  /** The crawler's identity asked again: it tells noise, and never votes. */
  readonly repeat: boolean;
  /** It came back with the cookies of the time before. */
  readonly returned: boolean;
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
export function askAround(
  exchange: Exchange,
  { brief, viewer }: { brief: Brief; viewer: Viewer },
  ports: Ports,
  settings: GuardSettings,
): Inquiry {
  const plan = planViews(exchange, { ...brief, settledByRecord: false });
  // A record can only make references needless: where none are planned without it, none ever are.
  if (plan.first.length === 0) return NOBODY;
  const calledOff = new AbortController();
  const deadline = AbortSignal.timeout(settings.audit.deadline);
  const signal = AbortSignal.any([calledOff.signal, deadline]);

  const visitors = visitorsOf(exchange, ports, signal);
  const answerOf = async (attempt: Attempt, as: Pick<Answer, 'repeat' | 'returned'>): Promise<Answer> => {
    if (attempt.kind === 'failure') return { attempt, evidence: deadline.aborted ? 'late' : 'failed', ...as };
    const view = await viewer(attempt);
    return { attempt, evidence: view.evidence, view, ...as };
  };
  const askAs = async (identity: Identity) => [
    await answerOf(await visitors.ask(identity), { repeat: false, returned: false }),
  ];
  const comeBack = async (identity: Identity, first: Answer) =>
    answerOf(await visitors.ask(identity, first.attempt), { repeat: false, returned: true });
  const askTwice = async (identity: Identity): Promise<Answer[]> => {
    const [first] = (await askAs(identity)) as [Answer];
    return hasCookies(first.attempt) ? [first, await comeBack(identity, first)] : [first];
  };
  const askAgain = async () => [
    await answerOf(await ownAgain(exchange, ports, signal), { repeat: true, returned: false }),
  ];
  const ask = async ({ repeat, ask: identities }: NextViews, askOne = askAs): Promise<Answer[]> =>
    (
      await Promise.all([...(repeat ? [askAgain()] : []), ...identities.map((identity) => askOne(identity))])
    ).flat();

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
      const compared = async (sides: Sides) => {
        const others = [...sides.repeats, ...sides.references].flatMap(({ view }) => view ?? []);
        await relatePictures(crawler, others, ports.examiner);
        return compare(crawler, sides, brief, settings);
      };
      const settle = async (
        sidesOf: (answers: readonly Answer[]) => Sides,
        visits: 1 | 2,
      ): Promise<Comparison> => {
        for (;;) {
          const sides = sidesOf(answers);
          const comparison = await compared(sides);
          const progress = {
            plan,
            asked: sides.references.map(({ attempt }) => attempt.identity),
            repeats: sides.repeats.length,
            comparison,
            crawlerUsable: crawler.evidence === 'usable',
            visits,
          };
          const next = signal.aborted ? undefined : nextViews(progress);
          if (next === undefined) return comparison;
          answers.push(...(await ask(next, visits === 2 ? askTwice : askAs)));
        }
      };
      const first = await settle(asVisitors, 1);
      const again = agrees(first) ? await returning(answers) : undefined;
      if (again !== undefined) answers.push(again);
      // Whoever came back and got something else was lied to before, as the crawler was: those count as its own kind now.
      const differs =
        again !== undefined && (await compared(amongReturned(answers))).relation === 'divergent';
      const comparison = differs
        ? await settle(amongReturned, 2)
        : again === undefined
          ? first
          : await compared(asVisitors(answers));
      const quorum = quorumOf(comparison.votes, settings.identities);
      return { answers, comparison, quorum, findings: findingsOf(comparison) };
    },
  };

  /** The first reference that was given cookies comes back, where there is room for it and it is drawn. */
  async function returning(answers: readonly Answer[]): Promise<Answer | undefined> {
    const first = answers.find(
      ({ attempt, repeat, evidence }) => !repeat && evidence === 'usable' && hasCookies(attempt),
    );
    const identity = plan.order.find(({ name }) => name === first?.attempt.identity);
    if (first === undefined || identity === undefined || signal.aborted || answers.length >= plan.maxViews)
      return undefined;
    return visitors.returns(identity, first.attempt, brief.standing) ? comeBack(identity, first) : undefined;
  }
}

/** Who is held against the crawler's view, and whose views count as the crawler's own asked again. */
interface Sides {
  readonly repeats: readonly Answer[];
  readonly references: readonly Answer[];
}

const asVisitors = (answers: readonly Answer[]): Sides => ({
  repeats: answers.filter(({ repeat }) => repeat),
  references: answers.filter(({ repeat }) => !repeat),
});

const amongReturned = (answers: readonly Answer[]): Sides => ({
  repeats: answers.filter(({ returned }) => !returned),
  references: answers.filter(({ returned }) => returned),
});

const agrees = ({ relation }: Comparison): boolean => relation === 'equal' || relation === 'noise';

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
  { repeats, references }: Sides,
  { noise }: Brief,
  { rules }: GuardSettings,
): Comparison {
  const views = (answers: readonly Answer[]) =>
    answers.flatMap(({ view }) => (view === undefined ? [] : [view]));
  return compareViews({
    crawler,
    repeats: views(repeats),
    references: views(references),
    ...(noise === undefined ? {} : { noise }),
    rules,
  });
}

/** The findings of a comparison, each with the fingerprint of the divergence: equal ones are reviewed as one. */
const findingsOf = ({ findings, fingerprint }: Comparison): Finding[] =>
  findings.map((finding) =>
    fingerprint === undefined ? finding : { ...finding, evidence: { ...finding.evidence, fingerprint } },
  );
