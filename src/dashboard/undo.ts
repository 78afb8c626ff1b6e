/** The bar after a decision: what was appended, and the reverse of it one key away. */
import type { Decision, Milliseconds } from '../domain/index.ts';
import { ago, counted } from './format.ts';
import { type Html, html } from './html.ts';
import { keyed } from './keys.ts';
import type { Done } from './load.ts';
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

export const undoBar = (done: Done | undefined, now: Milliseconds, decides: boolean): Html => {
  if (done === undefined) return html``;
  const [first, ...others] = done.verdicts;
  const { review } = first;
  if (review === null) return html``;
  const rest = others.length > 0 ? ` and ${counted(others.length, 'other')}` : '';
  return html`
<form class="done" method="post" action="${verdictPath(first.id)}/undo">
  <span role="status">${DECIDED[review.decision]} <a href="${verdictPath(first.id)}">${first.source}${shownPath(first.url, 60)}</a>${rest} ${ago(review.at, now)}.</span>
  ${decides ? html`<button${keyed('z')}>Undo: ${done.reverse} instead${keyHint('z')}</button>` : ''}
</form>`;
};
