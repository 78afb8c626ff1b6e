/** The bar after a decision: what was appended, and the reverse of it one key away. */
import type { Decision, Milliseconds, Verdict } from '../domain/index.ts';
import { ago, counted } from './format.ts';
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

export const undoBar = (done: readonly Verdict[], now: Milliseconds, decides: boolean): Html => {
  const [first] = done;
  const review = first?.review;
  if (first === undefined || review === null || review === undefined) return html``;
  const others = done.length - 1;
  return html`
<form class="done" method="post" action="${verdictPath(first.id)}/undo" role="status">
  <span>${DECIDED[review.decision]} <a href="${verdictPath(first.id)}">${first.source}${shownPath(first.url, 60)}</a>${others > 0 ? ` and ${counted(others, 'other')}` : ''} ${ago(review.at, now)}.</span>
  ${decides ? html`<button${keyed('z')}>Undo${keyHint('z')}</button>` : ''}
</form>`;
};
