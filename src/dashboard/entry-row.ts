/** One verdict as a row, where verdicts are listed one by one. */
import type { Milliseconds } from '../domain/index.ts';
import { score, when } from './format.ts';
import { clip, type Html, html, spell } from './html.ts';
import { type Entry, severityOf, strongestFirst } from './match.ts';
import { reasonOf, STATE_NAMES, severityBadge, shownPath, verdictBadge, verdictPath } from './parts.ts';

const stateOf = ({ verdict, state }: Entry): string => {
  if (verdict.revoked === true) return 'Revoked';
  return state === 'passed' ? '' : STATE_NAMES[state];
};

/** `host`: whether the row names its source. */
const entryRow = (entry: Entry, now: Milliseconds, { host }: { readonly host: boolean }): Html => {
  const { verdict } = entry;
  return html`
<li class="row" data-row>
  ${verdict.findings.length === 0 ? verdictBadge(verdict.verdict) : severityBadge(severityOf(verdict))}
  <div class="what">
    <a class="reason" data-open href="${verdictPath(verdict.id)}">${host ? spell(verdict.source) : ''}${shownPath(verdict.url)}</a>
    <p class="meta">${spell(clip(reasonOf(verdict, strongestFirst(verdict.findings)[0]?.summary), 200))}</p>
  </div>
  <span class="num many">${stateOf(entry)}</span>
  <span class="num">${verdict.quorum}</span>
  <span class="num">${score(verdict.score)}</span>
  <span class="num age">${when(verdict.decidedAt, now)}</span>
</li>`;
};

export const entryRows = (
  entries: readonly Entry[],
  now: Milliseconds,
  options: { readonly host: boolean },
): Html => html`<ul class="rows plain">${entries.map((entry) => entryRow(entry, now, options))}</ul>`;
