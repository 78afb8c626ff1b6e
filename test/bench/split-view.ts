/** Split views against a living web: recall by selector and payload, false alarms by benign kind, refetches, baselines. */
import { type BenignRow, benign } from './split-view/benign.ts';
import { decoder } from './split-view/documents.ts';
import { type Half, halfOf, loadPages, proseOf } from './split-view/pages.ts';
import { type RecallCell, recall } from './split-view/recall.ts';
import { speed } from './split-view/speed.ts';
import { printBenign, printRecall, printTargets } from './split-view/table.ts';

export const about =
  'recall by selector and payload, false alarms by benign kind, refetches; --pages DIR, --half development|held-out, --per-cell N, --limit PAGES, --recall-only, --benign-only';

const optionOf = (args: readonly string[], name: string): string | undefined => {
  const at = args.indexOf(name);
  return at === -1 ? undefined : args[at + 1];
};

export async function run(args: readonly string[]): Promise<void> {
  const pages = loadPages(optionOf(args, '--pages'));
  const half = (optionOf(args, '--half') ?? 'held-out') as Half;
  const perCell = Number(optionOf(args, '--per-cell') ?? 6);
  const limit = Number(optionOf(args, '--limit') ?? Number.POSITIVE_INFINITY);
  // Larger pages say nothing more and take most of the time.
  const chosen = pages
    .filter((page) => halfOf(page) === half && page.markup.length <= 250_000)
    .slice(0, limit);
  const prose = proseOf(pages.filter((page) => halfOf(page) !== half));
  const started = performance.now();
  process.stdout.write(`split-view: ${chosen.length} pages of the ${half} half of ${pages.length}\n\n`);
  const benignRows: BenignRow[] = args.includes('--recall-only') ? [] : await benign(chosen, prose, perCell);
  const cells: RecallCell[] = args.includes('--benign-only') ? [] : await recall(chosen, prose, perCell);
  printBenign(benignRows);
  printRecall(cells);
  printTargets(benignRows, cells, speed(chosen));
  await decoder.close();
  process.stdout.write(`\n${((performance.now() - started) / 1000).toFixed(0)} s\n`);
}
