/** `/sources`: who diverges how often; `/sources/{host}`: one source with its standing, history and verdicts. */
import { type Milliseconds, type SourceSummary, VERDICTS, type Verdict } from '../domain/index.ts';
import { type Filter, formatFilter } from './filter.ts';
import { ago, count, counted, percent, score, when } from './format.ts';
import { clip, type Html, html, spell } from './html.ts';
import { page } from './layout.ts';
import { type Entry, severityOf, strongestFirst } from './match.ts';
import {
  history,
  lyingFlag,
  queuePath,
  reasonOf,
  STATE_NAMES,
  severityBadge,
  shownPath,
  sourcePath,
  verdictBadge,
  verdictPath,
} from './parts.ts';
import { problemsOf } from './queue-page.ts';
import { firstSteps } from './welcome.ts';

export interface SourcesView {
  readonly sources: readonly SourceSummary[];
  readonly recent: ReadonlyMap<string, readonly Verdict[]>;
  readonly order: 'divergence' | 'recent';
  readonly more: string | undefined;
  readonly now: Milliseconds;
  readonly proxyUrl: string;
}

const sourceRow = (source: SourceSummary, recent: readonly Verdict[], now: Milliseconds): Html => html`
<tr data-row>
  <th scope="row"><a data-open href="${sourcePath(source.host)}">${spell(source.host)}</a>${source.confirmed ? html` ${lyingFlag}` : ''}</th>
  <td class="num">${percent(source.divergenceRate)}</td>
  <td class="num">${count(source.divergences)}</td>
  <td class="num">${count(source.exchanges)}</td>
  <td class="num">${source.exchanges === 0 ? 'none' : percent(source.corroborated / source.exchanges)}</td>
  <td>${history(recent, `Newest ${counted(recent.length, 'verdict')}, oldest first`)}</td>
  <td class="num age">${when(source.lastSeen, now)}</td>
</tr>`;

export const sourcesPage = ({ sources, recent, order, more, now, proxyUrl }: SourcesView): Html =>
  page({
    title: 'Sources',
    here: 'sources',
    main: html`
<h1>Sources</h1>
${
  sources.length === 0
    ? firstSteps(proxyUrl)
    : html`
<nav class="tabs small" aria-label="Order">
  <a href="/sources"${order === 'divergence' ? html` aria-current="page"` : ''}>By divergence</a>
  <a href="/sources?order=recent"${order === 'recent' ? html` aria-current="page"` : ''}>Newest first</a>
</nav>
<div class="scroll"><table class="sources">
  <thead><tr><th scope="col">Source</th><th scope="col" class="num">Diverged</th><th scope="col" class="num">Divergences</th><th scope="col" class="num">Exchanges</th><th scope="col" class="num">Corroborated</th><th scope="col">Newest verdicts</th><th scope="col" class="num">Last seen</th></tr></thead>
  <tbody>${sources.map((source) => sourceRow(source, recent.get(source.host) ?? [], now))}</tbody>
</table></div>
${more === undefined ? '' : html`<p class="rest"><a href="${more}" rel="next">More sources</a></p>`}`
}`,
  });

export interface SourceView {
  readonly source: SourceSummary;
  readonly recent: readonly Verdict[];
  readonly entries: readonly Entry[];
  readonly filter: Filter;
  readonly more: string | undefined;
  readonly now: Milliseconds;
}

const entryRow = ({ verdict, state }: Entry, now: Milliseconds): Html => html`
<li class="row" data-row>
  ${verdict.findings.length === 0 ? verdictBadge(verdict.verdict) : severityBadge(severityOf(verdict))}
  <div class="what">
    <a class="reason" data-open href="${verdictPath(verdict.id)}">${shownPath(verdict.url)}</a>
    <p class="meta">${spell(clip(reasonOf(verdict, strongestFirst(verdict.findings)[0]?.summary), 200))}</p>
  </div>
  <span class="num many">${state === 'passed' ? '' : STATE_NAMES[state]}</span>
  <span class="num">${verdict.quorum}</span>
  <span class="num">${score(verdict.score)}</span>
  <span class="num age">${when(verdict.decidedAt, now)}</span>
</li>`;

const fact = (name: string, value: Html | string): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

/** The standing in one sentence. */
const standing = (source: SourceSummary): string => {
  const base = `${counted(source.divergences, 'divergence')} in ${counted(source.exchanges, 'exchange')}`;
  if (source.confirmed)
    return `Found lying: ${base}. Every exchange is audited, and what passed before is revoked.`;
  if (source.divergences > 0) return `${base}, none confirmed.`;
  return source.corroborated > 0
    ? `No divergence in ${counted(source.exchanges, 'exchange')}.`
    : `Nothing corroborated yet in ${counted(source.exchanges, 'exchange')}.`;
};

export const sourcePage = ({ source, recent, entries, filter, more, now }: SourceView): Html =>
  page({
    title: source.host,
    here: 'sources',
    filter: { value: formatFilter(filter.terms), action: sourcePath(source.host) },
    main: html`
<h1>${spell(source.host)}</h1>
<p class="standing">${standing(source)}</p>
<dl class="facts">
  ${fact('Diverged', percent(source.divergenceRate))}
  ${fact('Corroborated', source.exchanges === 0 ? 'none' : percent(source.corroborated / source.exchanges))}
  ${VERDICTS.map((name) => fact(name, count(source.verdicts[name])))}
  ${fact('Domain', spell(source.registrableDomain))}
  ${fact('First seen', ago(source.firstSeen, now))}
  ${fact('Last seen', ago(source.lastSeen, now))}
</dl>
${history(recent, `Newest ${counted(recent.length, 'verdict')}, oldest first`)}
<p class="meta"><a href="${queuePath('to-review', `host:${source.host}`)}">What needs a decision here</a></p>
${problemsOf(filter)}
<ul class="rows plain">${entries.map((entry) => entryRow(entry, now))}</ul>
${entries.length === 0 ? html`<p class="empty">Nothing here matches the filter.</p>` : ''}
${more === undefined ? '' : html`<p class="rest"><a href="${more}" rel="next">Older verdicts</a></p>`}`,
  });
