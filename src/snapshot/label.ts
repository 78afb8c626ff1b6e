/** Whether the caption that a dataset will pair with a URL is the one that was recorded with it. */
import { load } from 'cheerio/slim';
import { wordsOf } from '../compare/words.ts';
import type { Finding, Ratio, Severity, SnapshotRecord } from '../domain/index.ts';

/** How a caption stands to the recorded one, from harmless to another text. */
export type LabelRelation = 'same' | 'longer' | 'reworded' | 'other';

/** A caption cut by a tool has at least so many characters left, or it is another one. */
const SHORTEST_CUT = 12;
/** Share of words, of either caption, that the other lacks, from which they are two texts that share an article. */
const OTHER_TEXT: Ratio = 0.7;
/** Words of fewer letters differ by a letter and mean something else: cat, car. */
const SHORTEST_TYPO = 5;

/** How sure it is that the caption was exchanged; policy weighs it. Longer captions are what better scrapers write. */
const TELLING: Readonly<Record<Exclude<LabelRelation, 'same'>, { severity: Severity; score: Ratio }>> = {
  longer: { severity: 'info', score: 0.2 },
  reworded: { severity: 'low', score: 0.6 },
  other: { severity: 'medium', score: 0.9 },
};
const ORDER: readonly LabelRelation[] = ['same', 'longer', 'reworded', 'other'];

/**
 * `snapshot.label` where `label` is none of the captions that were recorded for the URL. The most similar one counts, as a URL
 * stands in datasets with several captions. Nothing where none was recorded or none is given.
 */
export function labelFindings(records: readonly SnapshotRecord[], label: string | undefined): Finding[] {
  if (label === undefined || label.trim() === '') return [];
  const [nearest] = records
    .flatMap((record) =>
      record.label === null || record.label.trim() === '' ? [] : [{ ...record, label: record.label }],
    )
    .map((record) => ({ record, relation: relationOf(record.label, label) }))
    .sort((a, b) => ORDER.indexOf(a.relation) - ORDER.indexOf(b.relation));
  if (nearest === undefined || nearest.relation === 'same') return [];
  const { record, relation } = nearest;
  const { dataset, date } = record;
  return [
    {
      kind: 'snapshot.label',
      ...TELLING[nearest.relation],
      summary: `The caption is not the one that ${dataset}${date === null ? '' : ` (${date.slice(0, 10)})`} recorded with this URL: ${MEANING[nearest.relation]}.`,
      taxonomy: ['AML.T0020', 'NISTAML.012'],
      rule: 'snapshot/label@1',
      evidence: { dataset, date, relation, recorded: record.label.slice(0, 500), given: label.slice(0, 500) },
    },
  ];
}

const MEANING: Readonly<Record<Exclude<LabelRelation, 'same'>, string>> = {
  longer: 'it says more',
  reworded: 'some of its words are others',
  other: 'it is another text',
};

/**
 * `same`: the words are equal, or one of the two was cut. `longer`: nothing recorded is missing. `reworded`: words were exchanged.
 * `other`: hardly any are left. Markup, entities, white space, case, quotes, language marks, plurals and slips of one letter
 * make no difference.
 */
export function relationOf(recorded: string, given: string): LabelRelation {
  const [before, after] = [wordsOf(bare(recorded)), wordsOf(bare(given))];
  const [a, b] = [before.join(' '), after.join(' ')];
  if (a === b || isCut(a, b)) return 'same';
  if (before.length === 0 || after.length === 0) return 'other';
  const lost = shareLacking(before, after);
  const added = shareLacking(after, before);
  // Words that are all there, in another order or fewer of them.
  if (added === 0) return lost >= OTHER_TEXT ? 'reworded' : 'same';
  if (lost === 0) return 'longer';
  return Math.min(lost, added) >= OTHER_TEXT ? 'other' : 'reworded';
}

/** The text of a caption: twice escaped markup is text too, `"..."@en` and `[en]` say the language. */
function bare(label: string): string {
  let text = label;
  for (let layer = 0; layer < 2 && /[&<]/.test(text); layer++) text = load(text, null, false).text();
  return text
    .replace(/"@[a-z]{2,3}(?:-[a-z]{2,4})?\s*$/i, '')
    .replace(
      /^\s*(?:\[[a-z]{2}(?:-[a-z]{2})?\]|\([a-z]{2}(?:-[a-z]{2})?\)|[a-z]{2}(?:-[a-z]{2})?:(?=\s))/i,
      '',
    )
    .replace(/(?:\.{3}|…)\s*$/, '');
}

const isCut = (a: string, b: string): boolean => {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  // What was recorded may be cut where nothing else is; a caption that goes on after the recorded one says more.
  return short === b && short.length >= SHORTEST_CUT && long.startsWith(short);
};

const shareLacking = (words: readonly string[], others: readonly string[]): Ratio =>
  words.filter((word) => !others.some((other) => isSameWord(word, other))).length / words.length;

function isSameWord(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (/\d/.test(a + b) || long.length - short.length > 2) return false;
  if (short.length > 2 && (long === `${short}s` || long === `${short}es`)) return true;
  return short.length >= SHORTEST_TYPO && differByOne(short, long);
}

/** One letter exchanged, left out or put in. */
function differByOne(short: string, long: string): boolean {
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  return short.slice(short.length === long.length ? at + 1 : at) === long.slice(at + 1);
}
