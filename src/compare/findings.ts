/** Differences that count, as findings: one a kind and rule, with what a reviewer reads. */
import type { Finding, FindingKind, Ratio, Severity } from '../domain/index.ts';
import { counts, type Difference } from './difference.ts';

/** Longest text of one difference that a finding keeps, and most differences of one finding. */
const LONGEST_EVIDENCE = 2000;
const MOST_EVIDENCE = 20;

/** Poisoning by what was published; for hidden text also what it is made to do. */
const TAXONOMY: Readonly<Partial<Record<FindingKind, readonly string[]>>> = {
  'split-view.hidden': ['AML.T0020', 'AML.T0068', 'NISTAML.013', 'NISTAML.015'],
  'split-view.label': ['AML.T0020', 'NISTAML.012'],
  'split-view.redirect': ['AML.T0020', 'AML.T0074', 'NISTAML.013'],
};
export const taxonomyOf = (kind: FindingKind): readonly string[] =>
  TAXONOMY[kind] ?? ['AML.T0020', 'NISTAML.013'];

const VERSION = 1;
export const ruleNamed = (name: string): string => `split-view/${name}@${VERSION}`;

/** Score by how far the views have settled it; open ones stay under what any policy calls suspect. */
export function scoreOf({ settlement, region, changes }: Difference): Ratio {
  const { state, bits } = settlement;
  const place = region === 'main' ? 1 : 0.9;
  const weak = changes.length > 0 && changes.every((change) => change === 'words' || change === 'spelling');
  switch (state) {
    case 'conditioned':
      return Math.min(0.99, (weak ? 0.88 : 0.92) + 0.01 * bits) * place;
    case 'once':
      return (weak ? 0.5 : 0.78) * place;
    case 'open':
      return Math.min(0.5, 0.3 + 0.1 * bits) * place;
    case 'shared':
    case 'noise':
    case 'contested':
      return 0;
    default:
      return state satisfies never;
  }
}

export const severityOf = (score: Ratio): Severity =>
  score >= 0.9 ? 'high' : score >= 0.7 ? 'medium' : score >= 0.4 ? 'low' : 'info';

export function findingsOf(differences: readonly Difference[]): Finding[] {
  const groups = new Map<string, Difference[]>();
  for (const difference of differences.filter(counts)) {
    const key = `${difference.kind} ${difference.rule}`;
    groups.set(key, [...(groups.get(key) ?? []), difference]);
  }
  return [...groups.values()].map(findingOf).sort((a, b) => b.score - a.score);
}

function findingOf(group: readonly Difference[]): Finding {
  const ranked = [...group].sort((a, b) => scoreOf(b) - scoreOf(a));
  const [worst] = ranked as [Difference];
  const score = scoreOf(worst);
  return {
    kind: worst.kind,
    severity: severityOf(score),
    score,
    summary: `${whatWasSeen(ranked)} ${whoSawIt(worst)}`,
    taxonomy: taxonomyOf(worst.kind),
    rule: ruleNamed(worst.rule),
    evidence: {
      state: worst.settlement.state,
      differences: ranked.slice(0, MOST_EVIDENCE).map((difference) => ({
        crawler: difference.crawler.slice(0, LONGEST_EVIDENCE),
        reference: difference.reference?.slice(0, LONGEST_EVIDENCE) ?? null,
        changes: difference.changes,
        place: difference.place,
        state: difference.settlement.state,
      })),
      more: Math.max(0, ranked.length - MOST_EVIDENCE),
    },
  };
}

function whatWasSeen(group: readonly Difference[]): string {
  const count = group.length;
  const [{ kind, rule, changes }] = group as [Difference];
  const characters = group.reduce((sum, { crawler }) => sum + crawler.length, 0);
  const many = (one: string, more: string) => (count === 1 ? `One ${one}` : `${count} ${more}`);
  if (rule === 'changed-sentence') {
    const changed = [...new Set(group.flatMap((difference) => difference.changes))].join(', ');
    return `${many('sentence differs', 'sentences differ')} in ${changed || changes.join(', ')}`;
  }
  switch (kind) {
    case 'split-view.text':
      return `${many('sentence', 'sentences')} (${characters} characters) reached only the crawler`;
    case 'split-view.hidden':
      return `${many('run', 'runs')} of hidden text (${characters} characters) reached only the crawler`;
    case 'split-view.label':
      return `${many('picture is', 'pictures are')} labelled differently for the crawler`;
    case 'split-view.link':
      return `${many('link leads', 'links lead')} the crawler elsewhere`;
    case 'split-view.code':
      return `${many('line', 'lines')} of code reached only the crawler`;
    case 'split-view.image':
      return `${many('picture in the page is', 'pictures in the page are')} another for the crawler`;
    case 'split-view.data':
      return `${many('value differs', 'values differ')} for the crawler`;
    default:
      return `${many('difference', 'differences')} for the crawler alone`;
  }
}

export function whoSawIt({
  settlement: { state, lacking, references, repeated, repeats },
}: Pick<Difference, 'settlement'>): string {
  const lack = `${lacking} of ${references} references did not get ${references === 1 ? 'it' : 'this'}`;
  if (repeats === 0) return `(${lack}; not asked again).`;
  const again = `${repeated} of ${repeats} repeats as the crawler did`;
  return state === 'once' ? `(${lack}; seen once, ${again}).` : `(${lack}; ${again}).`;
}
