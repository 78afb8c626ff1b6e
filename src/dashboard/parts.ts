/** Small pieces that several pages show: badges, links, history. */
import type { Severity, Verdict, VerdictName } from '../domain/index.ts';
import type { State } from './filter.ts';
import { clip, type Html, html, spell } from './html.ts';
import type { Key } from './keys.ts';

export const verdictBadge = (verdict: VerdictName): Html =>
  html`<span class="badge v-${verdict}">${verdict}</span>`;

export const severityBadge = (severity: Severity): Html =>
  html`<span class="sev s-${severity}">${severity}</span>`;

export const STATE_NAMES: Readonly<Record<State, string>> = {
  'to-review': 'To review',
  reopened: 'Reopened',
  quarantined: 'Quarantined',
  accepted: 'Accepted',
  passed: 'Passed',
};

/** A key beside the name of what it does; screens without keys leave it out. */
export const keyHint = (key: Key): Html => html` <kbd class="hint" aria-hidden="true">${key}</kbd>`;

export const lyingFlag = html`<span class="flag" title="A divergence was confirmed by policy or by a person: every exchange is audited">found lying</span>`;

export const verdictPath = (id: string): string => `/verdicts/${encodeURIComponent(id)}`;
export const sourcePath = (host: string): string => `/sources/${encodeURIComponent(host)}`;
export const queuePath = (tab: string, filter: string): string => {
  const query = new URLSearchParams();
  if (tab !== 'to-review') query.set('tab', tab);
  if (filter !== '') query.set('q', filter);
  const text = query.toString();
  return text === '' ? '/' : `/?${text}`;
};

/** Path and query of a URL under review; never a link, since it leads to the hostile side. */
export function pathOf(url: string): string {
  try {
    const { pathname, search } = new URL(url);
    return pathname + search;
  } catch {
    return url;
  }
}

export const shownPath = (url: string, length = 90): Html => spell(clip(pathOf(url), length));

/** The reason in one sentence: what the strongest finding says, or why there is none. */
export function reasonOf(verdict: Verdict, strongest: string | undefined): string {
  if (strongest !== undefined) return strongest;
  switch (verdict.verdict) {
    case 'clean':
      return 'A record or a quorum of other visitors corroborated the content, and nothing objected.';
    case 'unverified':
      return 'Nothing objected, and nothing independent corroborated the content.';
    case 'suspect':
    case 'poisoned':
      return 'No single finding explains this verdict.';
    default:
      return verdict.verdict satisfies never;
  }
}

/** Verdicts of a source, oldest left, one bar each: colour is the verdict, height the score. */
export function history(verdicts: readonly Verdict[], label: string): Html {
  const step = 5;
  const height = 18;
  const bars = [...verdicts].reverse().map((verdict, at) => {
    const tall = Math.max(3, Math.round(verdict.score * height));
    return html`<rect class="v-${verdict.verdict}" x="${at * step}" y="${height - tall}" width="4" height="${tall}"/>`;
  });
  const width = Math.max(step, verdicts.length * step);
  return html`<svg class="history" role="img" aria-label="${label}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${bars}</svg>`;
}
