/** Blind spots by design, measured: lies to robots in places that live or carry no content. */
import { html } from '../../origin/answer.ts';
import { BLIND_LIES } from '../../origin/blind.ts';
import { robots } from '../../origin/selectors.ts';
import { type Counts, countsOf, examine, type Result } from './examine.ts';
import { momentOf } from './moment.ts';
import type { PageSet } from './pages.ts';
import type { Progress } from './progress.ts';

export interface BlindRow extends Counts {
  readonly payload: string;
}

export async function blind(pages: PageSet, progress: Progress): Promise<BlindRow[]> {
  const rows: BlindRow[] = [];
  for (const [payload, lie] of Object.entries(BLIND_LIES)) {
    const results: Result[] = [];
    for (const page of pages.chosen) {
      if (progress.stopped) return rows;
      const world = `blind ${payload} ${page.name}`;
      const prose = pages.prose(page);
      let hasHandle = true;
      const result = await examine({
        world,
        site: (asked) => {
          const served = lie(page.markup, momentOf(world, asked, prose), robots(asked));
          hasHandle &&= served !== undefined;
          return html(served ?? page.markup);
        },
      });
      if (hasHandle) results.push(result);
    }
    rows.push({ payload, ...countsOf(results) });
    progress.step(`blind spot, ${payload}`);
  }
  return rows;
}
