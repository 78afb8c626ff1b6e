/** The bar after a decision: what was appended, and the reverse of it one key away. */
import type { Decision, Milliseconds, Verdict } from '../domain/index.ts';
import { ago } from './format.ts';
import { type Html, html } from './html.ts';
import { keyed } from './keys.ts';
import { keyHint, shownPath, verdictPath } from './parts.ts';

export const DECIDED: Readonly<Record<Decision, string>> = {
  confirm: 'Confirmed',
  dismiss: 'Dismissed',
  release: 'Released',
};

/** What a decision means, in a reviewer's words. */
export const MEANS: Readonly<Record<Decision, string>> = {
  confirm: 'The finding is right: keep it out, and audit this source fully.',
  dismiss: 'The finding is wrong or harmless: accept this difference.',
  release: 'Hand out the bytes that were kept back, whatever they are.',
};

export const undoBar = (done: Verdict | undefined, now: Milliseconds, decides: boolean): Html => {
  const review = done?.review;
  if (done === undefined || review === null || review === undefined) return html``;
  return html`
<form class="done" method="post" action="${verdictPath(done.id)}/undo" role="status">
  <span>${DECIDED[review.decision]} <a href="${verdictPath(done.id)}">${done.source}${shownPath(done.url, 60)}</a> ${ago(review.at, now)}.</span>
  ${decides ? html`<button${keyed('z')}>Undo${keyHint('z')}</button>` : ''}
</form>`;
};
