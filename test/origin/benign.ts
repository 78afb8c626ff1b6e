/** A living page: what honest sites change between two requests. Each takes served markup and the draw of the moment. */

export type Churn = (markup: string, draw: () => number) => string;

const before =
  (end: string, part: (draw: () => number) => string): Churn =>
  (markup, draw) =>
    markup.replace(end, () => `${part(draw)}${end}`);

const token = (draw: () => number): string =>
  Array.from({ length: 4 }, () => Math.floor(draw() * 0xffffff).toString(16)).join('');

const TEASERS = [
  'Ten ways to cook rice',
  'Why the river is low',
  'A walk around the lake',
  'Who builds the new hall?',
  'Rain until Friday',
  'The best bread in town',
];
const ADVERTISEMENTS = [
  'Shoes at half price',
  'Learn to sail this summer',
  'New: a phone with two screens',
  'Fly to the sea for little',
];

/** A nonce on a script and a token in a form. */
export const nonces: Churn = (markup, draw) =>
  markup.replace(
    '</body>',
    () =>
      `<script nonce="${token(draw)}">var t="${token(draw)}"</script><form><input type="hidden" name="csrf" value="${token(draw)}"></form></body>`,
  );

export const clock = before(
  '</footer>',
  (draw) =>
    `<p>Page made in ${Math.floor(draw() * 90)} ms at ${12 + Math.floor(draw() * 10)}:${10 + Math.floor(draw() * 49)}</p>`,
);

/** Other stories each time, in the list beside the text. */
export const rotatingTeasers = before('</ul></aside>', (draw) =>
  [0, 1, 2]
    .map(
      () =>
        `<li><a href="/t/${Math.floor(draw() * 1e6)}">${TEASERS[Math.floor(draw() * TEASERS.length)]}</a></li>`,
    )
    .join(''),
);

export const advertisement = before(
  '<footer>',
  (draw) =>
    `<div class="ad" id="ad-${token(draw)}"><a href="https://ads.example.net/c?${token(draw)}">${ADVERTISEMENTS[Math.floor(draw() * ADVERTISEMENTS.length)]}</a></div>`,
);

export const counter = before(
  '</article>',
  (draw) => `<p class="views">${1000 + Math.floor(draw() * 9000)} views</p>`,
);

/** By name, as tables print them. */
export const CHURN: Readonly<Record<string, Churn>> = {
  nonces,
  clock,
  'rotating teasers': rotatingTeasers,
  advertisement,
  counter,
};

/** All of them at once. */
export const living: Churn = (markup, draw) =>
  Object.values(CHURN).reduce((page, churn) => churn(page, draw), markup);
