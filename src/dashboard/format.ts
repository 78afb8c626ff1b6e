/** Numbers, sizes and times as a reader wants them. */
import type { Bytes, Milliseconds, Ratio, Timestamp } from '../domain/index.ts';
import { type Html, html } from './html.ts';

const number = new Intl.NumberFormat('en-GB');

export const count = (value: number): string => number.format(value);

/** `3 verdicts`, `1 verdict`. */
export const counted = (value: number, noun: string): string =>
  `${count(value)} ${value === 1 ? noun : `${noun}s`}`;

/** `18.2 kB`; decimal units, as crawl reports use them. */
export function size(bytes: Bytes): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${['B', 'kB', 'MB', 'GB'][power]}`;
}

/** `34 %`; a share that is not zero never reads as zero. */
export function percent(share: Ratio): string {
  const value = share * 100;
  if (value > 0 && value < 1) return '< 1 %';
  return `${Math.round(value)} %`;
}

export const score = (value: Ratio): string => value.toFixed(2);

const STEPS: ReadonlyArray<readonly [limit: Milliseconds, unit: Milliseconds, name: string]> = [
  [3_600_000, 60_000, 'min'],
  [86_400_000, 3_600_000, 'h'],
  [14 * 86_400_000, 86_400_000, 'd'],
];

/** `4 min`, `3 h`, `2 d`; beyond two weeks the date. */
export function age(at: Timestamp, now: Milliseconds): string {
  const elapsed = now - Date.parse(at);
  if (Number.isNaN(elapsed)) return at;
  if (elapsed < 60_000) return 'now';
  for (const [limit, unit, name] of STEPS) {
    if (elapsed < limit) return `${Math.floor(elapsed / unit)} ${name}`;
  }
  return at.slice(0, 10);
}

/** A time element: short to read, exact on hover and for machines. */
export const when = (at: Timestamp, now: Milliseconds): Html =>
  html`<time datetime="${at}" title="${at}">${age(at, now)}</time>`;

/** The same in a sentence: `4 min ago`. */
export const ago = (at: Timestamp, now: Milliseconds): Html => {
  const passed = age(at, now);
  return html`<time datetime="${at}" title="${at}">${/\d (min|h|d)$/.test(passed) ? `${passed} ago` : passed === 'now' ? 'just now' : passed}</time>`;
};

/** `d1:9f3a…` short enough for a row. */
export const short = (digest: string, digits = 12): string => digest.slice(0, digits);
