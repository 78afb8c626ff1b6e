/** What was measured of a picture, in lines for a reader. */
import type { PerturbationReport, PictureReport, Verdict } from '../domain/index.ts';

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** One fact a line; the ladder's step is the verdict's snapshot status. */
export function describePicture(picture: PictureReport, { snapshot }: Pick<Verdict, 'snapshot'>): string[] {
  const { format, width, height, encoding, resampling, perturbation, pair, plugins = [] } = picture;
  const carrier = [
    encoding.lossless ? 'lossless' : encoding.quality === undefined ? 'lossy' : `quality ${encoding.quality}`,
    ...(encoding.chroma === undefined ? [] : [encoding.chroma]),
    ...(encoding.frames > 1 ? [`${encoding.frames} frames`] : []),
    ...(resampling.factor === 1 ? [] : [`resized, period ${resampling.factor}`]),
  ];
  return [
    `${format} ${width} x ${height}, ${carrier.join(', ')}`,
    `against its record: ${snapshot.status}`,
    `by itself: ${perturbationLine(perturbation)}`,
    ...(pair === undefined ? [] : [`beside ${pair.against}: ${pairLine(pair)}`]),
    ...plugins.map(
      ({ name, mode, probability, error, model, version }) =>
        `plug-in ${name} (${mode}): ${error ?? `probability ${probability?.toFixed(3)} by ${model} ${version}`}`,
    ),
  ];
}

function perturbationLine(report: PerturbationReport): string {
  switch (report.outcome) {
    case 'perturbed':
    case 'nothing-found': {
      const { score, probability, threshold, falseAlarms, carrier, model, atMost } = report;
      const bound = atMost ? 'at most ' : '';
      const { rate, upper, pictures } = falseAlarms;
      return (
        `${report.outcome === 'perturbed' ? 'perturbed' : 'nothing found'}, score ${bound}${score} of ${threshold}, probability ${bound}${probability}; ` +
        `false alarms at that threshold ${percent(rate)}, at most ${percent(upper)}, over ${pictures} pictures (${carrier}), ${model}`
      );
    }
    case 'cannot-tell': {
      const numbers =
        report.score === undefined ? '' : ` (score ${report.atMost ? 'at most ' : ''}${report.score})`;
      return `cannot tell${numbers}: ${report.reason}`;
    }
    case 'not-screened':
      return `not screened: ${report.reason}`;
    default:
      return report satisfies never;
  }
}

function pairLine({ outcome, logOdds, threshold, altered }: NonNullable<PictureReport['pair']>): string {
  const numbers = logOdds === undefined ? '' : `, log odds ${logOdds} of ${threshold}`;
  switch (outcome) {
    case 'altered':
      return `the copy of ${altered} is altered${numbers}`;
    case 'nothing-found':
      return `nothing between the copies${numbers}`;
    case 'same-pixels':
      return 'the same pixels';
    case 'cannot-tell':
      return 'cannot tell, they do not lie over each other';
    default:
      return outcome satisfies never;
  }
}
