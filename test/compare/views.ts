/** Views for tests, made from markup by the real reader. */
import { join } from 'node:path';
import { type Comparison, compareViews } from '../../src/compare/index.ts';
import { CRAWLER, type EvidenceClass, type IdentityName, type PageView } from '../../src/domain/index.ts';
import { loadRules } from '../../src/rules/load.ts';
import { patternsFor } from '../../src/rules/volatile.ts';
import { pageOf } from '../../src/view/html.ts';

export const rules = loadRules(join(import.meta.dirname, '../../rules'));
const reading = {
  sessions: patternsFor(rules.volatile, 'query'),
  built: patternsFor(rules.volatile, 'name'),
};
let made = 0;

export const view = (
  markup: string,
  identity: IdentityName = CRAWLER,
  evidence: EvidenceClass = 'usable',
): PageView => ({
  kind: 'page',
  identity,
  status: 200,
  mediaType: 'text/html',
  sha256: `${made++}`,
  evidence,
  evidenceReason: '',
  ...pageOf(markup, 'https://site.example/a', reading),
});

export const REFERENCES: readonly IdentityName[] = [
  'chrome-desktop@second',
  'firefox-desktop@second',
  'plain@second',
  'chrome-desktop@direct',
  'firefox-desktop@direct',
];

/** Compare what the crawler got, and got again, with what the references got. */
export const compare = (
  crawler: string,
  repeats: readonly string[],
  references: readonly string[],
): Comparison =>
  compareViews({
    crawler: view(crawler),
    repeats: repeats.map((markup) => view(markup)),
    references: references.map((markup, at) => view(markup, REFERENCES[at % REFERENCES.length])),
    rules,
  });

export const PARAGRAPHS = [
  'The river rises in the northern hills and runs south for 312 kilometres before it reaches the sea near the old port.',
  'Its water is safe to drink above the second weir, where the city has measured it every week since the flood.',
  'Fishermen do not use nets between March and June, because the young fish are too small to be counted.',
];

export const page = (
  paragraphs: readonly string[] = PARAGRAPHS,
  around = { before: '', after: '' },
): string =>
  `<html lang="en"><head><title>The river</title></head><body><header><nav><a href="/">Home</a></nav></header>${around.before}<main><article><h1>The river</h1>${paragraphs
    .map((text) => `<p>${text}</p>`)
    .join(
      '',
    )}<img src="/weir.jpg" alt="The second weir in spring"><p>More is told in <a href="https://site.example/book">the book about the weir</a> by the same author.</p></article></main>${around.after}<footer><p>Imprint</p></footer></body></html>`;
