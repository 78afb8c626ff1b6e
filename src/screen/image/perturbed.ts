/** The finding of a single picture that is perturbed; whatever else was measured is a report and no finding. */
import type { Finding, ImageView } from '../../domain/index.ts';
import type { Judged } from './examine.ts';

const percent = (share: number): string => `${(100 * share).toPrecision(2)} %`;

export function perturbedImage(view: Pick<ImageView, 'identity'>, { report, frame }: Judged): Finding[] {
  if (report.outcome !== 'perturbed') return [];
  const { score, probability, threshold, falseAlarms, carrier, model } = report;
  const where = frame === undefined || frame === 1 ? 'The picture' : `Frame ${frame} of the picture`;
  return [
    {
      kind: 'image.perturbed',
      severity: 'medium',
      score: probability,
      summary:
        `${where} that ${view.identity} received carries what Nightshade, Glaze or Mist leave: score ${score.toFixed(2)} ` +
        `from a threshold of ${threshold.toFixed(2)}, over which ${percent(falseAlarms.rate)} of clean pictures of this kind (${carrier}) lie, ` +
        `at most ${percent(falseAlarms.upper)} with 95 % confidence.`,
      taxonomy: ['AML.T0020', 'NISTAML.012'],
      rule: model,
      evidence: {
        score,
        probability,
        threshold,
        falseAlarms,
        carrier,
        ...(frame === undefined ? {} : { frame }),
      },
    },
  ];
}
