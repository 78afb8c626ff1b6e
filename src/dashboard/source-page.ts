/** `/sources/{host}`: one source with its standing, its history and its verdicts. */
import {
  DECISIONS,
  type Decision,
  type Milliseconds,
  type Review,
  type SourceSummary,
  VERDICTS,
  type Verdict,
} from '../domain/index.ts';
import { entryRows } from './entry-row.ts';
import type { Filter } from './filter.ts';
import { ago, count, counted, percent } from './format.ts';
import { type Html, html, spell } from './html.ts';
import { page } from './layout.ts';
import type { Entry } from './match.ts';
import { history, queuePath, sourcePath } from './parts.ts';
import { problemsOf } from './queue-page.ts';

export interface SourceView {
  readonly source: SourceSummary;
  readonly recent: readonly Verdict[];
  readonly entries: readonly Entry[];
  readonly reviews: readonly Review[];
  readonly decides: boolean;
  readonly filter: Filter;
  readonly more: string | undefined;
  readonly now: Milliseconds;
}

const fact = (name: string, value: Html | string): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

/** The standing in one sentence. */
const standing = (source: SourceSummary): string => {
  const exchanges = counted(source.exchanges, 'exchange');
  const base = `${counted(source.divergences, 'divergence')} in ${exchanges}`;
  if (source.confirmed) {
    return `Found lying: ${base}. Every exchange is audited, and what passed before is revoked.`;
  }
  if (source.divergences > 0) return `${base}, none confirmed.`;
  return source.corroborated > 0
    ? `No divergence in ${exchanges}.`
    : `Nothing corroborated yet in ${exchanges}.`;
};

/** What a decision about a whole source does. */
const SOURCE_MEANS: Readonly<Record<Decision, string>> = {
  confirm: 'The source lies: audit all of it, and revoke what it passed without a record to match.',
  dismiss: 'Its divergences were harmless: clear it.',
  release: 'Give back what was revoked, and clear it.',
};

const DECIDED: Readonly<Record<Decision, string>> = {
  confirm: 'Held to be lying',
  dismiss: 'Cleared',
  release: 'Given back and cleared',
};

const NAMES: Readonly<Record<Decision, string>> = {
  confirm: 'It lies',
  dismiss: 'Clear it',
  release: 'Give back',
};

const decisionForm = ({ source, reviews, decides, now }: SourceView): Html => html`
<details class="about-source">
  <summary>Decide about the whole source${reviews.length === 0 ? '' : html` (${counted(reviews.length, 'decision')} so far)`}</summary>
  <div class="card">
  ${
    decides
      ? html`<form method="post" action="${sourcePath(source.host)}/decide">
    <label class="note">Note <textarea name="note" rows="2" maxlength="2000"></textarea></label>
    <dl class="means">${DECISIONS.map(
      (name) =>
        html`<div><dt><button name="decision" value="${name}">${NAMES[name]}</button></dt><dd>${SOURCE_MEANS[name]}</dd></div>`,
    )}</dl>
  </form>`
      : ''
  }
  <ol class="reviews">${[...reviews]
    .reverse()
    .map(
      ({ decision, note, reviewer, at }) =>
        html`<li><b>${DECIDED[decision]}</b> by ${reviewer} ${ago(at, now)}${note === '' ? '' : html`<q>${spell(note)}</q>`}</li>`,
    )}</ol>
  </div>
</details>`;

export const sourcePage = (view: SourceView): Html => {
  const { source, recent, entries, filter, more, now } = view;
  return page({
    title: source.host,
    here: 'sources',
    filter: { value: filter.written, action: sourcePath(source.host) },
    main: html`
<h1>${spell(source.host)}</h1>
<p class="standing">${standing(source)}</p>
<dl class="facts">
  ${fact('Diverged', percent(source.divergenceRate))}
  ${fact('Corroborated', source.exchanges === 0 ? 'none' : percent(source.corroborated / source.exchanges))}
  ${VERDICTS.map((name) =>
    fact(
      name.replace(/^./, (first) => first.toUpperCase()),
      count(source.verdicts[name]),
    ),
  )}
  ${fact('Domain', spell(source.registrableDomain))}
  ${fact('First seen', ago(source.firstSeen, now))}
  ${fact('Last seen', ago(source.lastSeen, now))}
</dl>
${history(recent, `Newest ${counted(recent.length, 'verdict')}, oldest first`)}
<p class="meta"><a href="${queuePath('to-review', `host:${source.host}`)}">What needs a decision here</a></p>
${decisionForm(view)}
${problemsOf(filter)}
${entries.length === 0 ? html`<p class="empty">Nothing here matches the filter.</p>` : entryRows(entries, now, { host: false })}
${more === undefined ? '' : html`<p class="rest"><a href="${more}" rel="next">Older verdicts</a></p>`}`,
  });
};
