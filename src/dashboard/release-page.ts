/** Re-admission by rule: which rule, what it would let go, and the button that does it. */
import type { Candidate, ReleaseDesk } from '../guard/release.ts';
import { counted } from './format.ts';
import { clip, type Html, html, spell } from './html.ts';
import { page } from './layout.ts';
import { shownPath, verdictBadge, verdictPath } from './parts.ts';

export interface ReleaseView {
  readonly rules: ReleaseDesk['rules'];
  /** The rule that was chosen; undefined before one was. */
  readonly rule: string | undefined;
  readonly filter: string;
  /** Why the filter cannot be used; empty where it can. */
  readonly problem: string;
  /** Quarantined verdicts that were held against today's records. */
  readonly candidates: readonly Candidate[];
  /** More wait than were looked at. */
  readonly more: boolean;
  readonly decides: boolean;
  /** How many were let go just now. */
  readonly done: number | undefined;
}

const MEANING: Readonly<Record<string, string>> = {
  same: 'the recorded bytes',
  'same-pixels': 'the recorded pixels',
  similar: 'similar to what was recorded',
};

const choice = ({ rules, rule, filter }: ReleaseView): Html => html`
<form method="get" action="/release" class="plan-form">
  <ul class="plan">${rules.map(
    ({
      id,
      description,
      status,
    }) => html`<li><label><input type="radio" name="rule" value="${id}"${id === rule ? html` checked` : ''}> <b>${id}</b> <span class="meta">${status}</span></label>
    <p class="meta">${clip(description, 400)}</p></li>`,
  )}</ul>
  <label>Only what passes <input name="q" value="${filter}" placeholder="host:example.org kind:source.*"></label>
  <button>Preview</button>
</form>`;

const row = ({ verdict, match, kinds }: Candidate): Html => html`
<li>${verdictBadge(verdict.verdict)} <a href="${verdictPath(verdict.id)}">${spell(verdict.source)}${shownPath(verdict.url)}</a>
  <p class="meta">${MEANING[match.status] ?? match.status}${match.dataset === null ? '' : html` by ${spell(match.dataset)}`}${match.date === null ? '' : ` of ${match.date.slice(0, 10)}`}${kinds.length === 0 ? '' : `; ${kinds.join(', ')}`}</p></li>`;

const preview = ({ rule, filter, candidates, more, decides }: ReleaseView): Html => {
  const released = candidates.filter((candidate) => candidate.released);
  const examined = `${counted(released.length, 'verdict')} of ${candidates.length} quarantined${more ? ' that were looked at' : ''}`;
  if (released.length === 0)
    return html`<p class="standing">The rule lets nothing go: 0 of ${candidates.length} quarantined.</p>`;
  return html`
<form method="post" action="/release" class="plan-form">
  <h2>${examined}</h2>
  <input type="hidden" name="rule" value="${rule ?? ''}">
  <input type="hidden" name="q" value="${filter}">
  ${
    decides
      ? html`<label class="note">Note <textarea name="note" rows="2" maxlength="2000"></textarea></label>
  <p class="rest"><button>Release ${counted(released.length, 'verdict')}</button> One review is appended to each, with the name of the rule.</p>`
      : ''
  }
  <ul class="plan">${released.map(row)}</ul>
</form>`;
};

export const releasePage = (view: ReleaseView): Html =>
  page({
    title: 'Release by rule',
    here: 'review',
    main: html`
<h1>Release by rule</h1>
<p class="standing">What is quarantined is held against the records of today. A rule lets go what proves to be what was recorded.</p>
${view.done === undefined ? '' : html`<p class="standing"><b>${counted(view.done, 'verdict')} released.</b></p>`}
${view.problem === '' ? '' : html`<p class="problem">${view.problem}</p>`}
${choice(view)}
${view.rule === undefined || view.problem !== '' ? '' : preview(view)}`,
  });
