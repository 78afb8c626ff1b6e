/** Content that was only there for a while: what a recheck finds of lies that are taken back, and of honest pages that live. */
import { revertedFinding } from '../../../src/guard/reverted.ts';
import { LIES } from '../../origin/lies.ts';
import { busy, LIVING, type Life } from '../../origin/life.ts';
import { drawsOf } from './chance.ts';
import { momentOf } from './moment.ts';
import type { PageSet } from './pages.ts';
import type { Progress } from './progress.ts';
import { rules, viewOf } from './views.ts';
import { CRAWLER_FIELDS } from './world.ts';

export interface RecheckRow {
  readonly kind: string;
  /** A lie that was put in and taken back, or nothing but life. */
  readonly lie: boolean;
  readonly courses: number;
  /** Found on its own account: an earlier capture is known. */
  readonly found: number;
  /** Weak signals where nothing earlier is known. */
  readonly weak: number;
}

const PAYLOADS = ['paragraph injected', 'paragraph replaced', 'one number', 'one negation', 'code line'];
const STILL: Life = (markup) => markup;
/** Enough for policy to call it suspect. */
const FOUND = 0.9;
/** Requests between the times at which the page is seen: hours, in which a living page moves on. */
const APART = 5;

export function rechecks(pages: PageSet, progress: Progress): RecheckRow[] {
  const rows: RecheckRow[] = [];
  const courses: Array<readonly [string, Life, string | undefined]> = [
    ...PAYLOADS.flatMap((payload) => [
      [`${payload}, still`, STILL, payload] as const,
      [`${payload}, busy`, busy, payload] as const,
    ]),
    ...Object.entries(LIVING).map(([name, life]) => [name, life, undefined] as const),
    ['all of it at once', busy, undefined],
  ];
  for (const [kind, life, payload] of courses) {
    let [all, found, weak] = [0, 0, 0];
    for (const page of pages.chosen) {
      if (progress.stopped) return rows;
      const world = `recheck ${kind} ${page.name}`;
      const lie = payload === undefined ? page.markup : LIES[payload]?.(page.markup, drawsOf(world, 'lie'));
      if (lie === undefined) continue;
      const at = (step: number, markup: string) =>
        viewOf(life(markup, momentOf(world, asking(step * APART), pages.prose(page))));
      const course = {
        seen: at(1, lie),
        at: '2026-11-22T09:30:00.000Z',
        now: [at(2, page.markup), at(3, page.markup)],
        asRecorded: false,
        rules,
      };
      all++;
      if ((revertedFinding({ ...course, before: [at(0, page.markup)] })?.score ?? 0) >= FOUND) found++;
      if (revertedFinding({ ...course, before: [] }) !== undefined) weak++;
    }
    rows.push({ kind, lie: payload !== undefined, courses: all, found, weak });
    progress.step(`recheck, ${kind}: ${found} of ${all}`);
  }
  return rows;
}

const asking = (asks: number) => ({
  method: 'GET',
  scheme: 'https' as const,
  host: 'site.example',
  path: '/articles/one',
  fields: CRAWLER_FIELDS,
  httpVersion: '1.1' as const,
  remoteAddress: '127.0.0.1',
  at: 1_000_000 + asks,
  visits: asks,
  asks,
});
