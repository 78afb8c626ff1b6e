/** What judges a single picture for a perturbation: a model that was loaded, with its backend. */
import type { Frame, ImageView, PerturbationReport } from '../../domain/index.ts';

/** A picture and how its file carried it. */
export type Judged = Pick<ImageView, 'width' | 'height' | 'format' | 'encoding' | 'pixels'>;

/** Where the evidence lies: log odds of cells of the picture, those that tiles cover. */
export interface HeatCells {
  readonly cells: ReadonlyArray<{
    readonly left: number;
    readonly top: number;
    readonly side: number;
    readonly logit: number;
  }>;
}

export interface Detector {
  /** Name and version of the weights, `image/perturbed@1`. */
  readonly model: string;
  /** What runs the network: `tfjs-node` or `wasm`. */
  readonly backend: string;
  judge(picture: Judged): PerturbationReport;
  /** Cells of all tiles; empty for pictures that are too small. */
  heat(picture: Judged): HeatCells;
}

/** A later frame as a picture of its own. */
export const framePicture = (view: Judged, frame: Frame): Judged => ({ ...view, ...frame });
