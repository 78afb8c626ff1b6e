/** Real protected pictures with their clean twins: the pair residual's score for each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { PerturbationReport } from '../../../src/domain/index.ts';
import { loadDetector } from '../../../src/screen/image/load.ts';
import { judgePair, PAIR_THRESHOLD } from '../../../src/screen/image/pair.ts';
import { createDecoder } from '../../../src/view/decoder.ts';
import { jpegPath, type Path } from '../../train/image/paths.ts';

const PATHS: readonly Path[] = [
  { name: 'lossless', apply: async (source) => source },
  ...[95, 85, 75].map((quality) => jpegPath(quality)),
];

/** `folder` holds provenance.csv with the columns file, role (clean, perturbed, purified), tool, variant and pair. */
export async function runProtected(folder: string): Promise<void> {
  const sheet = parse<Record<string, string>>(readFileSync(join(folder, 'provenance.csv')), {
    columns: true,
  });
  const decoder = createDecoder({ pixels: 50_000_000 });
  console.log(
    `\nreal protected pictures against their clean twins: log odds, reported from ${PAIR_THRESHOLD}`,
  );
  for (const { file = '', tool = '', variant = '', pair = '' } of sheet.filter((row) => row['pair'] !== '')) {
    const columns: string[] = [];
    for (const path of PATHS) {
      const one = await decoder.decode(await path.apply(readFileSync(join(folder, file))), '');
      const other = await decoder.decode(await path.apply(readFileSync(join(folder, pair))), '');
      const verdict = judgePair(one, other);
      const side = verdict?.altered === 'first' ? 'right' : 'wrong';
      columns.push(`${path.name} ${verdict ? `${verdict.logOdds.toFixed(1)} ${side}` : 'cannot tell'}`);
    }
    console.log(`  ${file} (${tool} ${variant}): ${columns.join(', ')}`);
  }
  await singles(folder, sheet);
}

const said = (report: PerturbationReport): string => {
  switch (report.outcome) {
    case 'perturbed':
    case 'nothing-found':
      return `${report.score.toFixed(2)} of ${report.threshold.toFixed(2)} ${report.outcome}`;
    case 'cannot-tell':
      return `${report.score?.toFixed(2) ?? ''} cannot tell`;
    case 'not-screened':
      return report.reason;
    default:
      return report satisfies never;
  }
};

/** Each picture by itself: protected, purified, and their clean twins. */
async function singles(folder: string, sheet: ReadonlyArray<Record<string, string>>): Promise<void> {
  const detector = await loadDetector().catch((error: Error) => console.log(error.message));
  if (!detector) return;
  const decoder = createDecoder({ pixels: 50_000_000 });
  console.log(`\nreal pictures by themselves, ${detector.model}: score of threshold`);
  for (const { file = '', role = '', tool = '' } of sheet) {
    const columns: string[] = [];
    for (const path of PATHS) {
      const view = await decoder.decode(await path.apply(readFileSync(join(folder, file))), '');
      columns.push(`${path.name} ${said(detector.judge(view))}`);
    }
    console.log(`  ${file} (${[role, tool].filter(Boolean).join(', ')}): ${columns.join('; ')}`);
  }
}
