/** Honest pages of the hostile web: articles with a frame around them, the same for the same seed. */
import { chance } from './pictures.ts';

export interface Article {
  readonly title: string;
  readonly paragraphs: readonly string[];
}

const SUBJECTS = [
  'The harbour',
  'A new bridge',
  'The old observatory',
  'This garden',
  'The town library',
  'Our mill',
  'The night train',
  'A small museum',
];
const VERBS = [
  'opened',
  'closed',
  'was rebuilt',
  'lost its roof',
  'welcomed visitors',
  'changed owners',
  'was painted',
  'drew a crowd',
];
const TIMES = [
  'in spring',
  'after the flood',
  'on a quiet Sunday',
  'within a year',
  'before the war',
  'last autumn',
  'at the turn of the century',
];
const REASONS = [
  'because the council had found the money',
  'although nobody had asked for it',
  'so that ships could pass at night',
  'while the school was still in use',
  'as the engineers had promised',
  'when the last tenant left',
];

/** An article of `length` paragraphs, each of four sentences with a number in one of them. */
export function article(seed: number, length = 8): Article {
  const draw = chance(seed);
  const pick = (list: readonly string[]): string => list[Math.floor(draw() * list.length)] ?? '';
  const sentence = (): string => `${pick(SUBJECTS)} ${pick(VERBS)} ${pick(TIMES)} ${pick(REASONS)}.`;
  const count = (): string =>
    `About ${100 + Math.floor(draw() * 900)} people came to see it, and they did not regret it.`;
  const paragraphs = Array.from({ length }, () => [sentence(), count(), sentence(), sentence()].join(' '));
  return { title: `${pick(SUBJECTS)} and its ${1000 + seed} days`, paragraphs };
}

/** The article as a site would serve it, with its navigation, related links and footer. */
export const render = ({ title, paragraphs }: Article): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title><meta name="description" content="${title}"></head>
<body>
<header><nav><a href="/">Home</a> <a href="/news">News</a> <a href="/about">About</a></nav></header>
<main><article><h1>${title}</h1>
${paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n')}
</article></main>
<aside><h2>More to read</h2><ul><li><a href="/1">The harbour at night</a></li><li><a href="/2">A mill for sale</a></li></ul></aside>
<footer><p>Published by the Gazette. <a href="/imprint">Imprint</a></p></footer>
</body></html>
`;
