/** The preview of a decision about several verdicts: what would be appended, before it is. */
import type { Decision, Verdict } from '../domain/index.ts';
import { counted } from './format.ts';
import { clip, type Html, html, spell } from './html.ts';
import { page } from './layout.ts';
import { strongestFirst } from './match.ts';
import { queuePath, reasonOf, shownPath, verdictBadge, verdictPath } from './parts.ts';
import { MEANS } from './undo.ts';

export interface Plan {
  readonly decision: Decision;
  /** Rows that were selected; each stands for its group. */
  readonly ids: readonly string[];
  /** All that they stand for. */
  readonly verdicts: readonly Verdict[];
  readonly from: string;
  readonly q: string;
}

const NAMES: Readonly<Record<Decision, string>> = {
  confirm: 'Confirm',
  dismiss: 'Dismiss',
  release: 'Release',
};

export const planPage = ({ decision, ids, verdicts, from, q }: Plan): Html => {
  const what = `${NAMES[decision]} ${counted(verdicts.length, 'verdict')}`;
  return page({
    title: what,
    here: 'review',
    main: html`
<form class="plan-form" method="post" action="/decide">
  <h1>${what}?</h1>
  <p class="standing">${MEANS[decision]} One decision is appended to each.</p>
  ${ids.map((id) => html`<input type="hidden" name="id" value="${id}">`)}
  <input type="hidden" name="group" value="yes">
  <input type="hidden" name="decision" value="${decision}">
  <input type="hidden" name="sure" value="yes">
  <input type="hidden" name="from" value="${from}">
  <input type="hidden" name="q" value="${q}">
  <label class="note">Note <textarea name="note" rows="2" maxlength="2000"></textarea></label>
  <p class="rest"><button autofocus>${what}</button> <a href="${queuePath(from === '' ? 'to-review' : from, q)}">Not now</a></p>
  <ul class="plan">${verdicts.map(
    (
      verdict,
    ) => html`<li>${verdictBadge(verdict.verdict)} <a href="${verdictPath(verdict.id)}">${spell(verdict.source)}${shownPath(verdict.url)}</a>
    <p class="meta">${spell(clip(reasonOf(verdict, strongestFirst(verdict.findings)[0]?.summary), 160))}</p></li>`,
  )}</ul>
</form>`,
  });
};
