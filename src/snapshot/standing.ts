/** How far the records of a dataset can be trusted: what its import showed, and what became of them when they were checked. */
import type { CheckedRecords, DatasetStanding, Ratio } from '../domain/index.ts';
import type { Manifest } from './manifest.ts';

/** Notes that start so make a record no evidence. */
export const SUSPECT = 'reference-suspect';

export const UNCHECKED: CheckedRecords = { matched: 0, mismatched: 0 };

/** z of a one-sided 99.9 % bound: one honest dataset in a thousand would be doubted, were its drift at the limit. */
const Z = 3.09;
/**
 * Benign drift measured: 5 % of LAION-400M in a year, 14 % of DataComp-1B, 15 % of LAION-5B, 40 % of pages in a week.
 * A dataset most of whose records disagree has wrong records (PixMo: all of them).
 */
const MOST_DRIFT: Ratio = 0.5;

/** Whether so many mismatches are more than drift explains: the Wilson lower bound of their share is over one half. */
export function mostlyMismatched({ matched, mismatched }: CheckedRecords): boolean {
  const n = matched + mismatched;
  if (n === 0) return false;
  const share = mismatched / n;
  const centre = share + Z ** 2 / (2 * n);
  const spread = Z * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2));
  return (centre - spread) / (1 + Z ** 2 / n) > MOST_DRIFT;
}

/** Over all `manifests` that are open together. */
export function standings(
  manifests: readonly Manifest[],
  counts: ReadonlyMap<string, CheckedRecords>,
): DatasetStanding[] {
  const manifest = {
    segments: manifests.flatMap(({ segments }) => segments),
    imports: manifests.flatMap(({ imports }) => imports),
  };
  const names = new Set([
    ...manifest.segments.map(({ layout }) => layout.dataset),
    ...manifest.imports.flatMap(({ datasets }) => datasets),
  ]);
  return [...names].sort().map((dataset) => {
    const imports = manifest.imports.filter((entry) => entry.datasets.includes(dataset));
    const checked = counts.get(dataset) ?? UNCHECKED;
    const seen = mostlyMismatched(checked)
      ? [
          `${checked.mismatched} of ${checked.matched + checked.mismatched} records that were checked disagree with what their URLs serve`,
        ]
      : [];
    const segments = manifest.segments.filter(({ layout }) => layout.dataset === dataset);
    const shared = segments.reduce((sum, { placeholders }) => sum + placeholders.length, 0);
    if (shared > 0)
      seen.push(
        `${shared} ${shared === 1 ? 'digest is' : 'digests are'} shared by so many URLs that ${shared === 1 ? 'it is a placeholder' : 'they are placeholders'}`,
      );
    return {
      dataset,
      records: segments.reduce((sum, { rows }) => sum + rows, 0),
      skipped: imports.reduce((sum, { skipped }) => sum + skipped, 0),
      checked,
      suspicions: [
        ...new Set([...imports.flatMap(({ suspicions, doubts }) => [...doubts, ...suspicions]), ...seen]),
      ],
    };
  });
}
