/** All that is said of one picture: its file, marks, the pair with other copies, the picture by itself. */
import type {
  Finding,
  ImageView,
  PairReport,
  PerturbationReport,
  PictureReport,
} from '../../domain/index.ts';
import type { TriggerRule } from '../../rules/trigger.ts';
import { type Detector, framePicture } from './detector.ts';
import { malformedImage } from './malformed.ts';
import { pairOf } from './pair.ts';
import { perturbedImage } from './perturbed.ts';
import { resamplingOf } from './resampling.ts';
import { triggerMark } from './trigger.ts';

export interface ImageTools {
  readonly rules: readonly TriggerRule[];
  /** Rejects where no model can be had; the reason is reported. */
  readonly detector: () => Promise<Detector>;
}

export async function examineImage(
  view: ImageView,
  references: readonly ImageView[],
  { rules, detector }: ImageTools,
): Promise<{ findings: Finding[]; picture: PictureReport }> {
  const pair = worstPair(view, references);
  const perturbation = await judgeFrames(view, detector);
  return {
    findings: [
      ...malformedImage(view),
      ...triggerMark(view, rules),
      ...(pair?.finding ?? []),
      ...perturbedImage(view, perturbation),
    ],
    picture: {
      format: view.format,
      width: view.width,
      height: view.height,
      encoding: view.encoding ?? { lossless: false, frames: 1 },
      resampling: resamplingOf(view),
      perturbation: perturbation.report,
      ...(pair === undefined ? {} : { pair: pair.report }),
    },
  };
}

/** Of the pairs with references only the one that says most is told: they all hold the same picture beside the crawler's. */
function worstPair(
  view: ImageView,
  references: readonly ImageView[],
): { report: PairReport; finding: Finding[] } | undefined {
  const pairs = references.map((reference) => pairOf(view, reference));
  const weight = ({ report }: (typeof pairs)[number]): number =>
    report.logOdds ?? (report.outcome === 'cannot-tell' ? -1e3 : -1e4);
  return pairs.sort((a, b) => weight(b) - weight(a))[0];
}

/** What the first frame says, or the first odd one that says more. */
export interface Judged {
  readonly report: PerturbationReport;
  /** From 1; absent for a picture that has one frame. */
  readonly frame?: number;
}

async function judgeFrames(view: ImageView, load: () => Promise<Detector>): Promise<Judged> {
  let detector: Detector;
  try {
    detector = await load();
  } catch (error) {
    return {
      report: { outcome: 'not-screened', reason: error instanceof Error ? error.message : 'no model' },
    };
  }
  const first = detector.judge(view);
  for (const frame of view.frames?.filter(({ odd }) => odd) ?? []) {
    const report = detector.judge(framePicture(view, frame));
    if (report.outcome === 'perturbed') return { report, frame: frame.number };
  }
  return { report: first, ...(view.frames === undefined ? {} : { frame: 1 }) };
}
