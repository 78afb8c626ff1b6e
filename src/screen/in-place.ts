/** The examiner that works in the thread that asks: inside worker threads, in tests, and where there are no threads. */
import { compareImages } from '../compare/image.ts';
import type { Examiner, ImageView, View } from '../domain/index.ts';
import type { TextRule } from '../rules/text.ts';
import type { TriggerRule } from '../rules/trigger.ts';
import type { Detector } from './image/detector.ts';
import { examineImage, heatmapOf } from './image/index.ts';
import { screenText } from './text/index.ts';

export interface ExaminerTools {
  readonly rules: { readonly text: readonly TextRule[]; readonly trigger: readonly TriggerRule[] };
  /** What judges single pictures. Throws where it cannot be had; the reason is reported. */
  readonly detector: () => Promise<Detector>;
}

export function createExaminer({ rules, detector }: ExaminerTools): Examiner {
  return {
    compare: async (picture, others) => others.map((other) => compareImages(picture, other)),
    examine: async (view, references, which) => {
      const text = which.text ? screenText(view, rules.text) : [];
      if (!which.image || view.kind !== 'image') return { findings: text };
      const { findings, picture } = await examineImage(view, picturesOf(references), {
        rules: rules.trigger,
        detector,
      });
      return { findings: [...text, ...findings], picture };
    },
    heatmap: (view) => heatmapOf(view, detector),
  };
}

const picturesOf = (views: readonly View[]): ImageView[] =>
  views.filter((view): view is ImageView => view.kind === 'image');
