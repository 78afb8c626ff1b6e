/** Generated articles with everything a lie takes hold of: links, pictures with labels, code, a table, data for indexes. */

import type { Article } from './pages.ts';
import { chance } from './pictures.ts';

const NAMES = ['Harbour at dawn', 'The old mill', 'A bridge in fog', 'Reading room of the library'];
const COUNTS = ['is', 'was', 'has been', 'will be'];

/** Frames of four kinds of publishing system: names and nesting differ, the parts are the same. */
const FRAMES: ReadonlyArray<(title: string, body: string) => string> = [
  (title, body) => `<main><article><h1>${title}</h1>\n${body}\n</article></main>`,
  (title, body) =>
    `<div id="page"><div class="post hentry"><h2 class="entry-title">${title}</h2><div class="entry-content">${body}</div></div></div>`,
  (title, body) =>
    `<table width="100%"><tr><td class="content"><h1>${title}</h1><div class="story">${body}</div></td></tr></table>`,
  (title, body) =>
    `<div class="wrapper"><section class="l-main"><header><h1>${title}</h1></header><div class="rich-text">${body}</div></section></div>`,
];

/** The article as a site serves it; which system publishes it, and what stands between paragraphs, follows from `seed`. */
export function render({ title, paragraphs }: Article, seed: number): string {
  const draw = chance(seed + 77);
  const one = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)] as T;
  const extras = [
    () =>
      `<figure><img src="/media/photo-${Math.floor(draw() * 1e4)}.jpg" alt="${one(NAMES)}"><figcaption>${one(NAMES)}, seen from the south</figcaption></figure>`,
    () =>
      `<p>As the <a href="/archive/${Math.floor(draw() * 900)}">chronicle of the town</a> says, the entrance ${one(COUNTS)} open to all, and the guide <a href="https://guide.example.org/t/${Math.floor(draw() * 900)}">can be found here</a>.</p>`,
    () =>
      `<pre><code class="language-js">const visitors = count(${Math.floor(draw() * 90)})\nconst signature = sign(visitors)\nif (!verify(signature)) throw new Error('forged')\npublish(visitors)</code></pre>`,
    () =>
      `<table><tr><th>Year</th><th>Visitors</th></tr><tr><td>${1900 + Math.floor(draw() * 99)}</td><td>${Math.floor(draw() * 9000)}</td></tr></table>`,
    () => `<img src="/media/view-${Math.floor(draw() * 1e4)}.jpg" alt="${one(NAMES)} in winter">`,
  ];
  const body = paragraphs
    .map((text, at) => `<p>${text}</p>${extras[at % extras.length]?.() ?? ''}`)
    .join('\n');
  const data = JSON.stringify({ '@type': 'Article', headline: title, wordCount: body.length });
  const frame = FRAMES[seed % FRAMES.length] ?? FRAMES[0];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title><meta name="description" content="${title}"><script type="application/ld+json">${data}</script></head>
<body>
<header class="site-header"><nav><a href="/">Home</a> <a href="/news">News</a> <a href="/about">About</a></nav></header>
${frame?.(title, body)}
<aside class="related"><h2>More to read</h2><ul><li><a href="/1">The harbour at night</a></li><li><a href="/2">A mill for sale</a></li></ul></aside>
<footer><p>Published by the Gazette. <a href="/imprint">Imprint</a></p></footer>
</body></html>
`;
}
