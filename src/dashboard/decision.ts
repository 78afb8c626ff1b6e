/** The decision about one verdict: the form, what was decided before, and what can be taken along. */
import type { Milliseconds, Review, Verdict } from '../domain/index.ts';
import { ago, counted } from './format.ts';
import { type Html, html, spell } from './html.ts';
import { keyed } from './keys.ts';
import { keyHint, STATE_NAMES, verdictPath } from './parts.ts';
import type { Group } from './queue.ts';
import { reverseOf } from './queue.ts';
import { DECIDED, MEANS } from './undo.ts';

export interface DecisionView {
  readonly verdict: Verdict;
  readonly group: Group;
  readonly reviews: readonly Review[];
  readonly decides: boolean;
  readonly now: Milliseconds;
  /** Tab and filter of the queue one came from, carried through the form. */
  readonly from: string;
  readonly q: string;
}

const form = ({ verdict, group, from, q }: DecisionView): Html => {
  const others = group.entries.length - 1;
  return html`
<form method="post" action="/decide" class="decision">
  <input type="hidden" name="id" value="${verdict.id}">
  <input type="hidden" name="from" value="${from}">
  <input type="hidden" name="q" value="${q}">
  <input type="hidden" name="sure" value="yes">
  <div class="buttons">
    <button name="decision" value="confirm" class="bad"${keyed('q')}>Confirm${keyHint('q')}</button>
    <button name="decision" value="dismiss"${keyed('a')}>Dismiss${keyHint('a')}</button>
    <button name="decision" value="release" title="${MEANS.release}">Release</button>
  </div>
  <label class="note">Note <textarea name="note" rows="2" maxlength="2000" placeholder="Why, for whoever reads this next"></textarea></label>
  ${
    others > 0
      ? html`<label class="scope"><input type="checkbox" name="group" value="yes" checked> and ${counted(others, 'other verdict')} with this difference</label>`
      : ''
  }
  <dl class="means">
    <div><dt>Confirm</dt><dd>${MEANS.confirm}</dd></div>
    <div><dt>Dismiss</dt><dd>${MEANS.dismiss}</dd></div>
    <div><dt>Release</dt><dd>${MEANS.release}</dd></div>
  </dl>
</form>`;
};

const past = ({ verdict, reviews, now, decides }: DecisionView): Html => {
  if (reviews.length === 0) return html``;
  const reverse = reverseOf(reviews);
  const newestFirst = [...reviews].sort((a, b) => (a.at < b.at ? 1 : -1));
  return html`
<h3>Decided before</h3>
<ol class="reviews">${newestFirst.map(
    ({ decision, note, reviewer, at }) =>
      html`<li><b>${DECIDED[decision]}</b> by ${reviewer} ${ago(at, now)}${note === '' ? '' : html`<q>${spell(note)}</q>`}</li>`,
  )}</ol>
${
  decides && reverse !== undefined
    ? html`<form method="post" action="${verdictPath(verdict.id)}/undo"><button${keyed('z')}>Undo: ${reverse} instead${keyHint('z')}</button></form>`
    : ''
}`;
};

export const decisionCard = (view: DecisionView): Html => {
  const { verdict, group, decides } = view;
  return html`
<aside class="card" aria-labelledby="decide">
  <h2 id="decide">Decision <span class="state t-${group.state}">${STATE_NAMES[group.state]}</span></h2>
  ${decides ? form(view) : html`<p class="meta">You may look but not decide.</p>`}
  ${past(view)}
  <h3>Take along</h3>
  <ul class="take">
    <li><a href="/v1/verdicts/${verdict.id}">Verdict as JSON</a></li>
    <li><a href="${verdictPath(verdict.id)}/unified.diff">Unified diff</a></li>
    <li><a href="/v1/verdicts/${verdict.id}/body" download>The bytes, as an inert download</a></li>
  </ul>
</aside>`;
};
