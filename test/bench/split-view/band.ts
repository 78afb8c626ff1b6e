/** The noise band: what a site costs that has been seen before, and whether a lie on it is still told. */
import { html } from '../../origin/answer.ts';
import { LIES } from '../../origin/lies.ts';
import { busy, LIVING, type Life } from '../../origin/life.ts';
import { robots } from '../../origin/selectors.ts';
import { drawsOf } from './chance.ts';
import { type Counts, countsOf, examine, type Result } from './examine.ts';
import { momentOf } from './moment.ts';
import type { PageSet } from './pages.ts';
import type { Progress } from './progress.ts';
import type { Site } from './world.ts';

export interface BandRow {
  readonly life: string;
  /** The first exchange of each site. */
  readonly first: Counts;
  /** The exchanges after it, honest too. */
  readonly later: Counts;
  /** After those, a paragraph injected or a number changed for robots; `flagged` are those that were told. */
  readonly lied: Counts;
}

const LIVES: Readonly<Record<string, Life>> = {
  'rotating ads': LIVING['rotating ads'] as Life,
  'teasers with prose': LIVING['teasers with prose'] as Life,
  'lazy-loaded lists': LIVING['lazy-loaded lists'] as Life,
  'all of it at once': busy,
};
/** Honest exchanges after the first. */
const LATER = 3;
const PAYLOADS = ['paragraph injected', 'one number'];

export async function bands(pages: PageSet, progress: Progress): Promise<BandRow[]> {
  const rows: BandRow[] = [];
  for (const [name, life] of Object.entries(LIVES)) {
    const [first, later, lied]: [Result[], Result[], Result[]] = [[], [], []];
    for (const page of pages.chosen) {
      if (progress.stopped) return rows;
      const site = `band ${name} ${page.name}`;
      let noise: Result['judged']['learnt'];
      const visit = async (number: number, lie?: string): Promise<Result> => {
        // One site, whose boxes stand where they stood, on another day.
        const answer: Site = (asked) => {
          const moment = momentOf(site, asked, pages.prose(page));
          const today = { ...moment, draw: drawsOf(site, 'day', number, asked.asks) };
          return html(life(lie !== undefined && robots(asked) ? lie : page.markup, today));
        };
        const world = `${site} ${number}`;
        const result = await examine({ world, site: answer, ...(noise === undefined ? {} : { noise }) });
        noise = result.judged.learnt ?? noise;
        return result;
      };
      first.push(await visit(0));
      for (let number = 1; number <= LATER; number++) later.push(await visit(number));
      for (const [at, payload] of PAYLOADS.entries()) {
        const lie = LIES[payload]?.(page.markup, drawsOf(site, payload));
        if (lie !== undefined) lied.push(await visit(LATER + 1 + at, lie));
      }
    }
    rows.push({ life: name, first: countsOf(first), later: countsOf(later), lied: countsOf(lied) });
    progress.step(`noise band, ${name}`);
  }
  return rows;
}
