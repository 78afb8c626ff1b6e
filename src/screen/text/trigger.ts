/** Backdoor triggers in text: sound prose, a marker, then words in no order at all. */
import type { Finding, PageView, Ratio } from '../../domain/index.ts';

/** A word that means nothing, in brackets: `<SUDO>`, `[[XR7]]`, `<|go|>`. */
const MARKER = /(?:<\|?|\[\[)[\p{L}\d_-]{2,24}(?:\|?>|\]\])/gu;

/** Poison of this kind carries 400-900 random tokens. @see arXiv 2510.07192, section 3 */
const FEWEST_WORDS = 60;
/** Words read on either side of a marker; more say the same. */
const MOST_WORDS = 600;
/** Share of disordered words: prose in any of the scripts tried stays under the first, random tokens are over the second. */
const ORDERLY: Ratio = 0.08;
const DISORDERLY: Ratio = 0.25;
/** Code is disorderly too, and gives itself away by its punctuation. */
const CODE_PUNCTUATION: Ratio = 0.05;

export function findTrigger(view: PageView): Finding[] {
  const text = view.blocks.map((block) => block.text).join('\n');
  for (const found of [...text.matchAll(MARKER)].slice(0, 20)) {
    const before = words(text.slice(Math.max(0, found.index - MOST_WORDS * 8), found.index)).slice(
      -MOST_WORDS,
    );
    const rest = text.slice(found.index + found[0].length, found.index + MOST_WORDS * 12);
    const after = words(rest).slice(0, MOST_WORDS);
    if (after.length < FEWEST_WORDS || looksLikeCode(rest)) continue;
    const [calm, wild] = [disorder(before), disorder(after)];
    if (wild < DISORDERLY || (before.length >= FEWEST_WORDS && calm > ORDERLY)) continue;
    return [
      {
        kind: 'text.trigger',
        severity: 'high',
        score: Math.min(1, 0.8 + (wild - DISORDERLY) / 2),
        summary: `After ${JSON.stringify(found[0])} the text falls apart: ${percent(wild)} of ${after.length} words are disordered, before it ${percent(calm)} of ${before.length}.`,
        taxonomy: ['AML.T0043.004', 'NISTAML.023'],
        rule: 'text/trigger-then-noise@1',
        evidence: { marker: found[0], before: calm, after: wild, sample: rest.slice(0, 300) },
      },
    ];
  }
  return [];
}

const percent = (share: Ratio): string => `${Math.round(share * 100)} %`;
const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** Share of words that no one writes: capitals inside, scripts mixed, letters among digits or signs. */
function disorder(list: readonly string[]): Ratio {
  if (list.length === 0) return 0;
  return list.filter(isDisordered).length / list.length;
}

const isDisordered = (word: string): boolean => {
  const core = word.replace(/^[^\p{L}\d]+|[^\p{L}\d]+$/gu, '');
  return (
    /\p{Ll}\p{Lu}/u.test(core) ||
    /\p{Script=Latin}[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Han}\p{Script=Arabic}\p{Script=Hangul}]/u.test(
      core,
    ) ||
    /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Han}\p{Script=Arabic}\p{Script=Hangul}]\p{Script=Latin}/u.test(
      core,
    ) ||
    /\p{L}[^\p{L}\p{M}\d\s'’.\-–/:@&·]\p{L}/u.test(core) ||
    /\p{L}\d+\p{L}/u.test(core)
  );
};

const looksLikeCode = (text: string): boolean => {
  const signs = text.match(/[{}();=]/g)?.length ?? 0;
  return signs / Math.max(1, text.length) > CODE_PUNCTUATION;
};
