/** What screening a picture measured, whether or not anything was found: the numbers a reader can quote. */
import type { IdentityName } from './identity.ts';
import type { Ratio } from './units.ts';
import type { ImageEncoding } from './view.ts';

/** Two pictures held against each other. */
export interface ImageComparison {
  readonly relation: 'same-pixels' | 'similar' | 'different';
  /** Bits of 256 that differ. Says little where either quality is under 50. */
  readonly pdqDistance: number;
  /** Mean difference of all channels where both show the same part, 0 to 1. */
  readonly meanDifference: Ratio;
  readonly summary: string;
}

/** What one picture by itself says of a perturbation. */
export type PerturbationReport =
  /** The carrier could have shown it. `perturbed` stands in a finding, too. */
  | ({ readonly outcome: 'perturbed' | 'nothing-found' } & PerturbationScore)
  /** This format, quality or size hides what is looked for: neither clean nor a finding. */
  | ({ readonly outcome: 'cannot-tell'; readonly reason: string } & Partial<PerturbationScore>)
  /** It was not looked at: no model, switched off, a limit, a failure. */
  | { readonly outcome: 'not-screened'; readonly reason: string };

export interface PerturbationScore {
  /** Log odds before calibration, over the whole picture. */
  readonly score: number;
  /** Calibrated for this carrier: of benign and altered pictures in equal number with this score, the share that is altered. */
  readonly probability: Ratio;
  /** Score from which the outcome is `perturbed`. */
  readonly threshold: number;
  /** Share of clean and benignly edited pictures of this carrier over `threshold`, and its upper end with 95 % confidence. */
  readonly falseAlarms: { readonly rate: Ratio; readonly upper: Ratio; readonly pictures: number };
  /** What thresholds are kept for: format, quality, chroma sampling, resampling, `jpeg-85-420`. */
  readonly carrier: string;
  /** Name and version of the weights, `image/perturbed@1`. */
  readonly model: string;
  /** The network was left out, as it could not have changed the outcome: `score` and `probability` are upper bounds. */
  readonly atMost?: true;
}

/** The pair residual with the reference that says most. */
export interface PairReport {
  readonly against: IdentityName;
  readonly outcome: 'altered' | 'nothing-found' | 'same-pixels' | 'cannot-tell';
  readonly logOdds?: number;
  readonly threshold: number;
  /** Whose copy carries it, where it is `altered`. */
  readonly altered?: IdentityName;
}

/** What a user's own model said. */
export interface PluginReport {
  readonly name: string;
  readonly mode: 'shadow' | 'vote';
  readonly score?: number;
  readonly probability?: Ratio;
  /** As the plug-in names itself. */
  readonly model?: string;
  readonly version?: string;
  /** Why there is no answer. */
  readonly error?: string;
}

/** How a picture seems to have been resized before it was stored. */
export interface Resampling {
  /** Factor by which it was enlarged, as far as its period says; 1 where no trace of resizing was found. */
  readonly factor: number;
  /** How far the period stands out of its surroundings, in standard deviations. */
  readonly strength: number;
}

export interface PictureReport {
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly encoding: ImageEncoding;
  readonly resampling: Resampling;
  readonly perturbation: PerturbationReport;
  /** Absent where no reference had the picture. */
  readonly pair?: PairReport;
  readonly plugins?: readonly PluginReport[];
  /** PNG as a `data:` URL, where it was asked for; never stored. */
  readonly heatmap?: string;
}
