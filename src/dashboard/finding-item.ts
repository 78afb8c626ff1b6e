/** One finding: what was seen, how sure, by which rule, and the quotes it rests on. */
import type { Finding } from '../domain/index.ts';
import { score } from './format.ts';
import { clip, type Html, html, spell } from './html.ts';
import { severityBadge } from './parts.ts';
import { changedWords } from './sides.ts';

/** Quotes that a page shows; the JSON below them has the rest. */
const MOST_QUOTES = 6;
const LONGEST_QUOTE = 700;

interface Quote {
  readonly crawler: string;
  readonly reference: string;
}

const textIn = (record: object, name: string): string => {
  const value: unknown = Reflect.get(record, name);
  return typeof value === 'string' ? value : '';
};

/** What comparisons quote: pairs of what the crawler got and the nearest that a reference saw. */
function quotesOf(evidence: Finding['evidence']): Quote[] {
  const { differences } = evidence;
  if (!Array.isArray(differences)) return [];
  return differences
    .filter((one: unknown): one is object => typeof one === 'object' && one !== null)
    .map((one) => ({ crawler: textIn(one, 'crawler'), reference: textIn(one, 'reference') }))
    .filter(({ crawler }) => crawler !== '');
}

/** What the quotes do not show already. */
const restOf = (evidence: Finding['evidence'], quotes: readonly Quote[]): Finding['evidence'] =>
  quotes.length === 0 || quotes.length === MOST_QUOTES ? evidence : { ...evidence, differences: undefined };

const quoteHtml = ({ crawler, reference }: Quote): Html => {
  const mine = clip(crawler, LONGEST_QUOTE);
  if (reference === '') return html`<li><q class="mine"><del>${spell(mine)}</del></q></li>`;
  const { was, is } = changedWords(mine, clip(reference, LONGEST_QUOTE));
  return html`<li>
    <q class="mine">${was.map(({ text, changed }) => (changed ? html`<del>${spell(text)}</del>` : spell(text)))}</q>
    <q class="others">${is.map(({ text, changed }) => (changed ? html`<ins>${spell(text)}</ins>` : spell(text)))}</q>
  </li>`;
};

/** `told`: its sentence already stands at the top of the page. `open`: quotes are shown at once, for want of bodies. */
export const findingItem = (
  { kind, severity, score: sure, summary, taxonomy, rule, evidence }: Finding,
  { told, open }: { readonly told: boolean; readonly open: boolean },
): Html => {
  const quotes = quotesOf(evidence).slice(0, MOST_QUOTES);
  return html`
<li class="finding">
  ${severityBadge(severity)}
  <div>
    ${told ? '' : html`<p>${spell(clip(summary, 600))}</p>`}
    <p class="meta"><span class="kind">${kind}</span> <span title="How sure the check is">${score(sure)}</span> <span>${rule}</span>${taxonomy.map((tag) => html` <span>${tag}</span>`)}</p>
    ${
      Object.keys(evidence).length === 0
        ? ''
        : html`<details${open ? html` open` : ''}><summary>Evidence</summary>
    ${quotes.length === 0 ? '' : html`<ul class="quotes">${quotes.map(quoteHtml)}</ul>`}
    <pre>${spell(clip(JSON.stringify(restOf(evidence, quotes), null, 2), 20_000))}</pre></details>`
    }
  </div>
</li>`;
};
