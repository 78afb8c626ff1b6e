/** `/`: what needs a decision, by source, most severe first. */
import type { Milliseconds, Verdict } from '../domain/index.ts';
import { entryRows } from './entry-row.ts';
import { type Filter, formatFilter, STATES, type State, withTerm } from './filter.ts';
import { count, counted, percent, score, short, when } from './format.ts';
import { clip, type Html, html, spell } from './html.ts';
import { keyed } from './keys.ts';
import { page } from './layout.ts';
import type { Done } from './load.ts';
import { type Entry, strongestFirst } from './match.ts';
import {
  history,
  keyHint,
  lyingFlag,
  queuePath,
  reasonOf,
  STATE_NAMES,
  severityBadge,
  shownPath,
  sourcePath,
  verdictPath,
} from './parts.ts';
import type { Group, SourceGroup } from './queue.ts';
import { undoBar } from './undo.ts';
import { firstSteps } from './welcome.ts';

export interface QueueView {
  readonly tab: State;
  readonly filter: Filter;
  readonly counts: Readonly<Record<State, number>>;
  readonly sources: readonly SourceGroup[];
  /** What needed no decision, newest first; only under its own tab. */
  readonly passed: readonly Entry[];
  /** Newest verdicts of each shown source, for its history. */
  readonly recent: ReadonlyMap<string, readonly Verdict[]>;
  /** True where older verdicts exist than were looked at. */
  readonly partial: boolean;
  /** Whether the store holds any verdict at all. */
  readonly any: boolean;
  readonly now: Milliseconds;
  readonly decides: boolean;
  /** Quarantined content can be let go by rule. */
  readonly releases: boolean;
  /** What was decided a moment ago, to be taken back. */
  readonly done: Done | undefined;
  readonly proxyUrl: string;
}

const TABS = STATES;
/** Groups of one source that are listed; the rest is one click away. */
const SHOWN_GROUPS = 6;

export const problemsOf = (filter: Filter): Html =>
  filter.problems.length === 0
    ? html``
    : html`<ul class="problems" role="alert">${filter.problems.map((problem) => html`<li>${problem}</li>`)}</ul>`;

const tabs = ({ tab, filter, counts }: QueueView): Html => html`
<nav class="tabs" aria-label="Review state">
  ${TABS.map(
    (state) =>
      html`<a href="${queuePath(state, formatFilter(filter.terms))}" class="t-${state}"${
        state === tab ? html` aria-current="page"` : ''
      }>${STATE_NAMES[state]} ${counts[state] > 0 || state !== 'passed' ? html`<span class="n">${count(counts[state])}</span>` : ''}</a>`,
  )}
</nav>`;

const kindsOf = (group: Group): string[] => [
  ...new Set(
    group.entries.flatMap(({ verdict }) => strongestFirst(verdict.findings).map(({ kind }) => kind)),
  ),
];

const row = (group: Group, { now, filter, tab, decides }: QueueView): Html => {
  const [first] = group.entries;
  const { verdict } = first;
  const many = group.entries.length;
  const sentence = reasonOf(verdict, strongestFirst(verdict.findings)[0]?.summary);
  const query = formatFilter(filter.terms);
  const href = `${verdictPath(verdict.id)}?${new URLSearchParams({ from: tab, ...(query === '' ? {} : { q: query }) }).toString()}`;
  return html`
<li class="row" data-row>
  ${decides ? html`<input type="checkbox" name="id" value="${verdict.id}" aria-label="Select ${verdict.source}: ${clip(sentence, 80)}"${keyed('x')}>` : html`<span></span>`}
  ${severityBadge(group.severity)}
  <div class="what">
    <a class="reason" data-open href="${href}">${spell(clip(sentence, 220))}</a>
    <p class="meta"><span class="path">${shownPath(verdict.url)}</span>${
      many > 1 ? html` <span class="more">and ${count(many - 1)} more</span>` : ''
    }${kindsOf(group)
      .slice(0, 3)
      .map(
        (kind) => html` <a class="kind" href="${queuePath(tab, withTerm(filter, 'kind', kind))}">${kind}</a>`,
      )}${
      group.fingerprint === undefined
        ? ''
        : html` <a class="fp" title="Divergence fingerprint: equal differences share it" href="${queuePath(tab, withTerm(filter, 'fingerprint', group.fingerprint))}">${short(group.fingerprint, 11)}</a>`
    }${first.coveredBy === undefined ? '' : html` <a class="more" href="${verdictPath(first.coveredBy)}">as decided before</a>`}</p>
  </div>
  <span class="num many" title="${counted(many, 'verdict')} with this difference">${many > 1 ? html`×${count(many)}` : ''}</span>
  <span class="num" title="References that corroborated, of those that could be used">${verdict.quorum}</span>
  <span class="num" title="Probability of poison">${score(verdict.score)}</span>
  <span class="num age">${when(verdict.decidedAt, now)}</span>
</li>`;
};

const sourceBlock = (source: SourceGroup, view: QueueView): Html => {
  const { summary, groups } = source;
  const recent = view.recent.get(source.source) ?? [];
  const hidden = groups.length - SHOWN_GROUPS;
  return html`
<section class="source">
  <header>
    <h2><a href="${sourcePath(source.source)}">${spell(source.source)}</a></h2>
    ${summary === undefined ? '' : html`<p class="meta">${summary.exchanges === 0 ? '' : html`diverged in <b>${percent(summary.divergenceRate)}</b> of ${counted(summary.exchanges, 'exchange')}`}${summary.confirmed ? html` ${lyingFlag}` : ''}</p>`}
    ${history(recent, `Newest ${counted(recent.length, 'verdict')} of ${source.source}, oldest first`)}
  </header>
  <ul class="rows">${groups.slice(0, SHOWN_GROUPS).map((group) => row(group, view))}</ul>
  ${hidden > 0 ? html`<p class="rest"><a href="${queuePath(view.tab, withTerm(view.filter, 'host', source.source))}">${counted(hidden, 'more difference')} on ${source.source}</a></p>` : ''}
</section>`;
};

const EMPTY: Readonly<Record<State, string>> = {
  'to-review': 'Nothing needs a decision.',
  reopened: 'No source that was accepted shows a new difference.',
  quarantined: 'Nothing was confirmed yet. What you confirm stays withheld and is listed here.',
  accepted:
    'Nothing was dismissed or released yet. An acceptance covers one difference; a new one reopens its source.',
  passed: 'No verdict passed without review yet.',
};

const nothing = (view: QueueView): Html => {
  if (!view.any) return firstSteps(view.proxyUrl);
  const filtered = view.filter.terms.length > 0;
  return html`<div class="empty"><p>${filtered ? 'Nothing here matches the filter.' : EMPTY[view.tab]}</p>
  ${filtered ? html`<p><a href="${queuePath(view.tab, '')}">Show all</a></p>` : ''}</div>`;
};

const heads = html`
<div class="row heads-row" aria-hidden="true"><span></span><span></span><span></span><span></span>
<span class="num">quorum</span><span class="num">score</span><span class="num">age</span></div>`;

const passedList = (view: QueueView): Html =>
  view.passed.length === 0 ? nothing(view) : entryRows(view.passed, view.now, { host: true });

const decideBar = html`
<div class="decide-bar">
  <span data-selected="Select differences to decide on them together">Select differences to decide on them together</span>
  <button name="decision" value="confirm"${keyed('q')}>Confirm${keyHint('q')}</button>
  <button name="decision" value="dismiss"${keyed('a')}>Dismiss${keyHint('a')}</button>
  <button name="decision" value="release" title="Hand out the bytes that were kept back">Release</button>
</div>`;

const content = (view: QueueView, query: string): Html => {
  const { tab, sources } = view;
  if (tab === 'passed') return passedList(view);
  if (sources.length === 0) return nothing(view);
  const list = [heads, ...sources.map((source) => sourceBlock(source, view))];
  if (!view.decides) return html`${list}`;
  return html`
<form method="post" action="/decide" data-bulk>
  <input type="hidden" name="from" value="${tab}">
  <input type="hidden" name="q" value="${query}">
  ${list}
  ${decideBar}
</form>`;
};

export const queuePage = (view: QueueView): Html => {
  const { tab, filter } = view;
  const query = formatFilter(filter.terms);
  return page({
    title: STATE_NAMES[tab],
    here: 'review',
    filter: { value: filter.written, action: '/', hidden: tab === 'to-review' ? {} : { tab } },
    main: html`
<h1 class="unseen-title">Review</h1>
${undoBar(view.done, view.now, view.decides)}
${view.any ? tabs(view) : ''}
${view.any && view.releases ? html`<p class="rest"><a href="/release?${new URLSearchParams({ q: filter.written }).toString()}">Release by rule</a> what proves to be what was recorded.</p>` : ''}
${problemsOf(filter)}
<div data-listens></div>
${content(view, query)}
${view.partial ? html`<p class="rest">Older verdicts than these are not counted here. Narrow the filter to reach them.</p>` : ''}`,
  });
};
