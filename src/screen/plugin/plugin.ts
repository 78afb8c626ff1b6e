/** Models that users own, asked beside the screens: in shadow, where they are only recorded, or with a vote. */
import type { Bytes, Finding, ImageView, Milliseconds, PluginReport, Ratio } from '../../domain/index.ts';

export interface PluginSettings {
  readonly name: string;
  /** Folder of a tfjs graph model, or the URL of a server that takes a picture by POST. */
  readonly model: string;
  readonly mode: 'shadow' | 'vote';
  readonly timeout: Milliseconds;
  /** Largest picture it is asked about: octets of PNG over HTTP, octets of RGB for a graph model. */
  readonly maxBytes: Bytes;
}

export interface PluginAnswer {
  readonly score: number;
  /** Probability that the picture is altered. */
  readonly p: Ratio;
  readonly model: string;
  readonly version: string;
}

/** Throws ForetasteError where there is no answer in time, or none of the form that is asked for. */
export type AskPlugin = (view: ImageView) => Promise<PluginAnswer>;

/** From which probability a vote is a finding. */
const VOTES_FROM: Ratio = 0.5;

/** What the plug-in said, or why it did not. Never throws; `complain` is told of what went wrong, in one line. */
export async function consult(
  { name, mode }: Pick<PluginSettings, 'name' | 'mode'>,
  ask: AskPlugin,
  view: ImageView,
  complain: (message: string) => void,
): Promise<PluginReport> {
  try {
    const { score, p, model, version } = await ask(view);
    return { name, mode, score, probability: p, model, version };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    complain(`The plug-in ${name} gave no answer: ${reason}`);
    return { name, mode, error: reason };
  }
}

/** Findings of plug-ins that have a vote. */
export const votesOf = (view: Pick<ImageView, 'identity'>, reports: readonly PluginReport[]): Finding[] =>
  reports.flatMap(({ name, mode, score, probability, model, version }) =>
    mode === 'vote' && probability !== undefined && probability >= VOTES_FROM
      ? [
          {
            kind: 'image.perturbed',
            severity: 'medium',
            score: probability,
            summary: `The plug-in ${name} (${model} ${version}) takes the picture that ${view.identity} received for altered, with a probability of ${probability.toFixed(2)}.`,
            taxonomy: ['AML.T0020', 'NISTAML.012'],
            rule: `plugin/${name}@${version}`,
            evidence: { plugin: name, model, version, score, probability },
          },
        ]
      : [],
  );
