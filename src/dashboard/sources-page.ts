/** `/sources`: who diverges how often. */
import type { Milliseconds, SourceSummary, Verdict } from '../domain/index.ts';
import { count, counted, percent, when } from './format.ts';
import { type Html, html, spell } from './html.ts';
import { page } from './layout.ts';
import { history, lyingFlag, sourcePath } from './parts.ts';
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
