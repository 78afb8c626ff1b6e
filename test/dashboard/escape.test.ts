/** Page text that attacks whoever looks at it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CRAWLER, timestamp } from '../../src/domain/index.ts';
import { dashboardOver } from '../browser/dashboard.ts';
import { answer, finding, teller } from '../browser/tell.ts';
import { liveParts } from './inert.ts';
import { clock, emptyStore, NOW } from './store.ts';

/** Shapes that broke out of some template somewhere: text, attribute, URL, comment, raw text, SVG, encodings. */
const CORPUS = [
  '<script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'><svg/onload=alert(1)>",
  '" autofocus onfocus="alert(1)',
  "' onmouseover='alert(1)",
  '</textarea><script>alert(1)</script>',
  '</title><script>alert(1)</script>',
  '</style><script>alert(1)</script>',
  '</pre></details><iframe srcdoc="<script>alert(1)</script>">',
  '<!--><img src=x onerror=alert(1)>-->',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  'javascript:alert(1)',
  '//evil.example/x.js',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;script&#62;alert(1)',
  '\u003cscript\u003e',
  '{{alert(1)}}<%= alert(1) %>',
  '<\0script>alert(1)</\0script>',
  '\u202e<script>\u2028alert(1)',
  '<base href="//evil.example/">',
  '<meta http-equiv=refresh content="0;url=//evil.example">',
];

const page = (
  text: string,
): string => `<!doctype html><title>${text}</title><h1>${text}</h1><p title="${text}">${text}</p>
<pre><code>${text}</code></pre><a href="${text}">${text}</a><img src="${text}" alt="${text}"><!-- ${text} -->`;

const { store, bodies } = await emptyStore();
const app = dashboardOver({ store, bodies }, clock);
const tell = teller({ store, bodies });
let place = 0;

/** Every page that shows a verdict whose every free text is `text`. */
async function pagesWith(text: string): Promise<string[]> {
  place += 1;
  const id = await tell({
    url: `https://h${place}.example.org/?${text}`,
    mediaType: 'text/html',
    verdict: 'poisoned',
    action: 'block',
    score: 0.9,
    quorum: '0/1',
    at: NOW,
    findings: [
      finding('split-view.text', 'high', 0.9, text, {
        fingerprint: text,
        [text]: text,
        differences: [{ crawler: text, reference: `${text} x` }],
      }),
    ],
    answers: [answer(CRAWLER, page(text)), answer(`${text}@direct`, page(`${text} honest`))],
  });
  await store.verdicts.review(id, 'confirm', text, text, timestamp(NOW));
  const query = encodeURIComponent(text);
  const paths = ['text', 'links', 'labels', 'code', 'fields', 'raw'].map(
    (tab) => `/verdicts/${id}?tab=${tab}&q=${query}&against=${query}`,
  );
  const lists = [
    `/?q=${query}`,
    `/?tab=quarantined&q=host:h${place}.example.org`,
    `/sources/h${place}.example.org`,
    `/verdicts/${query}`,
    `/?q=host:none&done=${id}`,
  ];
  return Promise.all([...paths, ...lists].map(async (path) => (await app.request(path)).text()));
}

describe('hostile text', () => {
  it.each(CORPUS)('%j is only ever text', async (text) => {
    for (const shown of await pagesWith(text)) expect(liveParts(shown)).toEqual([]);
  });

  it('is only ever text, whatever it is', async () => {
    const broken = fc.array(
      fc.oneof(
        fc.constantFrom(
          '<',
          '>',
          '"',
          "'",
          '&',
          '=',
          '/',
          '`',
          '<script',
          ' onload=',
          'javascript:',
          '-->',
          ']]>',
          '\0',
          '\u202e',
        ),
        fc.string({ unit: 'binary', maxLength: 5 }),
      ),
      { minLength: 1, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(broken, async (parts) => {
        for (const shown of await pagesWith(parts.join(''))) expect(liveParts(shown)).toEqual([]);
      }),
      { numRuns: 8 },
    );
  });
});
