/** Split views against a living web: recall by selector and payload, false alarms by benign kind, refetches, baselines. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bands } from './split-view/band.ts';
import { benign } from './split-view/benign.ts';
import { blind } from './split-view/blind.ts';
import { HALVES, type Half, pageSet } from './split-view/pages.ts';
import { printBands, printBenign, printBlind, printRecall, printRechecks } from './split-view/print.ts';
import { progressOn } from './split-view/progress.ts';
import { recall } from './split-view/recall.ts';
import { rechecks } from './split-view/rechecks.ts';
import { speed } from './split-view/speed.ts';
import { printTargets } from './split-view/targets.ts';

const PARTS = ['benign', 'recall', 'band', 'rechecks', 'blind', 'speed'] as const;

export const about =
  'recall by selector and payload, false alarms by benign kind; --pages DIR, --half development|held-out|all, --trials N a page and benign kind, --per-cell N lies, --limit PAGES, --only benign,recall,band,rechecks,blind,speed, --out FILE';

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      pages: { type: 'string' },
      half: { type: 'string' },
      trials: { type: 'string', default: '5' },
      'per-cell': { type: 'string', default: '3' },
      limit: { type: 'string' },
      only: { type: 'string' },
      out: { type: 'string' },
    },
  });
  // Thresholds were chosen on real pages only: all generated ones are new to them.
  const half = (values.half ?? (values.pages === undefined ? 'all' : 'held-out')) as Half;
  if (!HALVES.includes(half)) throw new Error(`Expected --half ${HALVES.join('|')} but received ${half}.`);
  const parts = values.only?.split(',') ?? PARTS;
  const isWanted = (part: (typeof PARTS)[number]): boolean => !progress.stopped && parts.includes(part);
  const pages = pageSet(values.pages, half, Number(values.limit ?? Number.POSITIVE_INFINITY));
  const progress = progressOn(process.stderr);
  const started = performance.now();
  const which = `${pages.chosen.length} pages, ${half === 'all' ? 'all' : `the ${half} half`} of ${pages.of}${values.pages === undefined ? ' generated ones' : ''}`;
  process.stdout.write(`split-view: ${which}\n\n`);
  const measured = {
    pages: which,
    benign: isWanted('benign') ? await benign(pages, Number(values.trials), progress) : [],
    recall: isWanted('recall') ? await recall(pages, Number(values['per-cell']), progress) : [],
    bands: isWanted('band') ? await bands(pages, progress) : [],
    rechecks: isWanted('rechecks') ? rechecks(pages, progress) : [],
    blind: isWanted('blind') ? await blind(pages, progress) : [],
    speed: isWanted('speed') ? speed(pages) : undefined,
  };
  progress.close();
  printBenign(measured.benign);
  printRecall(measured.recall);
  printBands(measured.bands);
  printRechecks(measured.rechecks);
  printBlind(measured.blind);
  printTargets(measured.benign, measured.recall, measured.speed);
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(measured, null, 1)}\n`);
  process.stdout.write(
    `\n${progress.stopped ? 'stopped after ' : ''}${((performance.now() - started) / 1000).toFixed(0)} s\n`,
  );
}
