/** What a score means for a carrier: threshold, probability, false alarms. Pure. */
import type { ImageEncoding, PerturbationReport, Ratio } from '../../domain/index.ts';
import type { CalibrationRow } from './model.ts';
import { isSubsampled } from './single-features.ts';

export interface Carrier {
  readonly format: string;
  readonly encoding?: ImageEncoding;
  readonly resampled: boolean;
}

/** The first row that fits; undefined where none does. */
export function rowFor(rows: readonly CalibrationRow[], carrier: Carrier): CalibrationRow | undefined {
  const lossless = carrier.encoding?.lossless ?? false;
  const kind = lossless ? 'lossless' : carrier.format === 'jpeg' ? 'jpeg' : 'other';
  const quality = lossless ? 100 : (carrier.encoding?.quality ?? 80);
  const subsampled = !lossless && isSubsampled(carrier.format, carrier.encoding);
  return rows.find(
    (row) =>
      row.carrier === kind &&
      quality >= row.quality[0] &&
      quality < row.quality[1] &&
      (row.subsampled === null || row.subsampled === subsampled) &&
      (row.resampled === null || row.resampled === carrier.resampled),
  );
}

/** Interpolated between knots, constant outside them. */
export function probabilityAt(knots: CalibrationRow['knots'], logOdds: number): Ratio {
  const above = knots.findIndex(([at]) => at > logOdds);
  if (above === 0) return knots[0]![1];
  if (above === -1) return knots.at(-1)![1];
  const [x0, p0] = knots[above - 1]!;
  const [x1, p1] = knots[above]!;
  return p0 + ((p1 - p0) * (logOdds - x0)) / (x1 - x0);
}

/** `jpeg 85..95 subsampled resampled`, as thresholds are kept. */
export const nameOf = ({ carrier, quality: [from, below], subsampled, resampled }: CalibrationRow): string =>
  [
    carrier,
    ...(carrier === 'jpeg' ? [`${from} to ${Math.min(100, below - 1)}`] : []),
    ...(subsampled === null ? [] : [subsampled ? 'subsampled' : 'full chroma']),
    ...(resampled === null ? [] : [resampled ? 'resampled' : 'not resampled']),
  ].join(' ');

/** The outcome of a score on a carrier that has a threshold. */
export function outcomeOf(
  logOdds: number,
  threshold: number,
  row: CalibrationRow,
  model: string,
): Extract<PerturbationReport, { outcome: 'perturbed' | 'nothing-found' }> {
  const { alarms, of, upper } = row.falseAlarms;
  return {
    outcome: logOdds >= threshold ? 'perturbed' : 'nothing-found',
    score: Number(logOdds.toFixed(3)),
    probability: Number(probabilityAt(row.knots, logOdds).toFixed(4)),
    threshold,
    falseAlarms: { rate: alarms / Math.max(1, of), upper, pictures: of },
    carrier: nameOf(row),
    model,
  };
}

/** The outcome on a carrier that has no threshold, or that nothing was measured on: a score would say nothing. */
export const cannotTell = (row: CalibrationRow | undefined, model: string): PerturbationReport =>
  row === undefined
    ? { outcome: 'cannot-tell', reason: 'Nothing was measured on files of this kind.', model }
    : {
        outcome: 'cannot-tell',
        reason: `A perturbation does not survive in such files well enough to be told (${nameOf(row)}).`,
        carrier: nameOf(row),
        model,
      };
