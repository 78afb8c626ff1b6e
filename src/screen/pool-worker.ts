/** What a worker thread of the pool does: one function a task. */
import { workerData } from 'node:worker_threads';
import sharp from 'sharp';
import type { Examination, ImageComparison, ImageView, Screens, View } from '../domain/index.ts';
import { type DecodedPicture, decodePicture } from '../view/decode.ts';
import { loadDetector } from './image/load.ts';
import { createExaminer, type ExaminerTools } from './in-place.ts';
import { askGraph } from './plugin/graph.ts';
import type { PluginAnswer } from './plugin/plugin.ts';
import { type Outcome, outcomeOf } from './threads.ts';

export interface PoolData {
  readonly limits: { readonly pixels: number };
  readonly rules: ExaminerTools['rules'];
}
export interface DecodeTask {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}
export interface CompareTask {
  readonly picture: ImageView;
  readonly others: readonly ImageView[];
}
export interface ExamineTask {
  readonly view: View;
  readonly references: readonly View[];
  readonly which: Screens;
}

export interface GraphTask {
  readonly folder: string;
  readonly view: ImageView;
}

const { limits, rules } = workerData as PoolData;
const examiner = createExaminer({ rules, detector: loadDetector });

export const decode = ({ bytes, mediaType }: DecodeTask): Promise<Outcome<DecodedPicture>> =>
  outcomeOf(() => decodePicture(bytes, mediaType, limits));

export const compare = ({ picture, others }: CompareTask): Promise<Outcome<readonly ImageComparison[]>> =>
  outcomeOf(() => examiner.compare(picture, others));

export const examine = ({ view, references, which }: ExamineTask): Promise<Outcome<Examination>> =>
  outcomeOf(() => examiner.examine(view, references, which));

export const heatmap = (view: ImageView): Promise<Outcome<Uint8Array | undefined>> =>
  outcomeOf(() => examiner.heatmap(view));

export const graph = ({ folder, view }: GraphTask): Promise<Outcome<PluginAnswer>> =>
  outcomeOf(() => askGraph(folder, view));

/** The pixels as PNG. */
export const png = ({ width, height, pixels }: ImageView): Promise<Outcome<Uint8Array>> =>
  outcomeOf(async () => {
    const raw = { width, height, channels: 3 } as const;
    return new Uint8Array(await sharp(pixels, { raw }).png({ compressionLevel: 3 }).toBuffer());
  });

/** The model and what runs it. */
export const state = (): Promise<Outcome<string>> =>
  outcomeOf(async () => {
    const { model, backend } = await loadDetector();
    return `${model} on ${backend}`;
  });
