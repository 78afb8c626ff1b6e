/** Babble: text that repeats itself as no author does. */
import type { Finding, PageView, Ratio } from '../../domain/index.ts';

/** Under this many words repetition is chance, a table or a poem. */
const FEWEST_WORDS = 200;

/**
 * Limits of the Gopher repetition filter, as datatrove ships them, for the measures that honest pages stay clear of.
 * @see Rae et al. 2021, "Scaling Language Models", table A1
 */
const LIMITS = { paragraphs: 0.3, bigram: 0.2, trigram: 0.18, fourgram: 0.16 } as const;
type Measure = keyof typeof LIMITS;

/** Shorter paragraphs are buttons, dates and bylines, which repeat on every list. */
const SHORTEST_PARAGRAPH = 40;

const SENTENCES: Readonly<Record<Measure, string>> = {
  paragraphs: 'of the paragraphs stand there twice',
  bigram: 'of the text is one pair of words',
  trigram: 'of the text is one run of three words',
  fourgram: 'of the text is one run of four words',
};

/** Repetition is poor quality far more often than poison, so this stays a hint. */
const CAP: Ratio = 0.5;

export function findBabble(view: PageView): Finding[] {
  const paragraphs = view.blocks
    .filter(({ region, tag }) => region === 'main' && (tag === 'p' || tag === 'div'))
    .map(({ text }) => text);
  const long = paragraphs.filter((text) => text.length >= SHORTEST_PARAGRAPH);
  const words =
    paragraphs
      .join(' ')
      .toLowerCase()
      .match(/[\p{L}\p{M}\d'’]+/gu) ?? [];
  if (words.length < FEWEST_WORDS) return [];
  const shares: Record<Measure, Ratio> = {
    paragraphs: long.length < 5 ? 0 : 1 - new Set(long).size / long.length,
    bigram: topShare(words, 2),
    trigram: topShare(words, 3),
    fourgram: topShare(words, 4),
  };
  const over = (Object.keys(LIMITS) as Measure[])
    .map((measure) => ({ measure, share: shares[measure], excess: shares[measure] / LIMITS[measure] }))
    .filter(({ excess }) => excess > 1)
    .sort((a, b) => b.excess - a.excess);
  const [worst] = over;
  if (!worst) return [];
  return [
    {
      kind: 'text.babble',
      severity: 'low',
      score: Math.min(CAP, 0.2 * worst.excess),
      summary: `${Math.round(worst.share * 100)} % ${SENTENCES[worst.measure]} (limit ${LIMITS[worst.measure] * 100} %).`,
      taxonomy: ['AML.T0059', 'NISTAML.013'],
      rule: 'text/repetition@1',
      evidence: { words: words.length, ...shares },
    },
  ];
}

/** Share of all characters that the commonest run of `n` words takes up. */
function topShare(words: readonly string[], n: number): Ratio {
  const counts = new Map<string, number>();
  for (let at = 0; at + n <= words.length; at++) {
    const gram = words.slice(at, at + n).join(' ');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  const characters = words.reduce((sum, word) => sum + word.length, 0);
  const [gram, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0]);
  return count < 2 ? 0 : Math.min(1, (gram.replaceAll(' ', '').length * count) / characters);
}
