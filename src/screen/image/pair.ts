/** Two copies of one picture: what is left between them after the benign path, and which copy was altered. */
import type { Finding, ImageView, PairReport, Ratio } from '../../domain/index.ts';
import { type PairFeatures, pairFeatures } from './pair-features.ts';
import model from './pair-model.json' with { type: 'json' };
import { evaluateTrees } from './trees.ts';

/**
 * Log odds from which a residual is reported: set by cross-validation for one false alarm in a thousand benign pairs
 * (`npm run bench -- image` prints the rates on other pictures).
 */
export const PAIR_THRESHOLD = model.threshold;
/** Under this root mean square, in grey levels, a residual is rounding. */
const ROUNDING = 0.35;
/**
 * Over these root mean squares, in grey levels, the copies differ by more than any tool's budget (16 of 255) leaves:
 * they are misaligned or recoloured, and nothing can be said of a residual.
 */
const LARGEST = { luma: 16, chroma: 10 } as const;

export interface PairVerdict {
  /** Log odds that one copy carries a protection tool's residual. */
  readonly logOdds: number;
  readonly altered: 'first' | 'second';
  /** How sure it is which: 0.5 is a guess. */
  readonly certainty: Ratio;
  readonly features: PairFeatures;
}

/** Judges two copies in any order; undefined where nothing can be said. */
export function judgePair(
  first: Parameters<typeof pairFeatures>[0],
  second: Parameters<typeof pairFeatures>[1],
): PairVerdict | undefined {
  const features = pairFeatures(first, second);
  if (!features || features.luma > LARGEST.luma || features.chroma > LARGEST.chroma) return undefined;
  const logOdds =
    features.luma < ROUNDING && features.chroma < ROUNDING ? -10 : evaluateTrees(model, features.values);
  const side = model.side.reduce((sum, weight, i) => sum + weight * features.sides[i]!, 0);
  return {
    logOdds,
    altered: side >= 0 ? 'first' : 'second',
    certainty: 1 / (1 + Math.exp(-Math.abs(side))),
    features,
  };
}

/**
 * A pair of copies of the same picture: what was measured, and a finding where one carries the structured residual that
 * protection tools such as Nightshade, Glaze or Mist leave, beyond what recompression, resizing and retouching do. None
 * for equal pixels, for pictures that do not lie over each other, and where the shared part is too small to say anything.
 */
export function pairOf(crawler: ImageView, reference: ImageView): { report: PairReport; finding: Finding[] } {
  const base = { against: reference.identity, threshold: PAIR_THRESHOLD };
  if (crawler.pixelSha256 === reference.pixelSha256)
    return { report: { ...base, outcome: 'same-pixels' }, finding: [] };
  const verdict = judgePair(crawler, reference);
  if (!verdict) return { report: { ...base, outcome: 'cannot-tell' }, finding: [] };
  const measured = { ...base, logOdds: Number(verdict.logOdds.toFixed(2)) };
  if (verdict.logOdds < PAIR_THRESHOLD)
    return { report: { ...measured, outcome: 'nothing-found' }, finding: [] };
  const altered = verdict.altered === 'first' ? crawler.identity : reference.identity;
  return {
    report: { ...measured, outcome: 'altered', altered },
    finding: [residualFinding(crawler, reference, verdict)],
  };
}

function residualFinding(crawler: ImageView, reference: ImageView, verdict: PairVerdict): Finding {
  const { logOdds, altered, certainty, features } = verdict;
  const poisoned = altered === 'first';
  const sure = 1 / (1 + Math.exp(PAIR_THRESHOLD - 2 - logOdds));
  const [who, other] = poisoned ? [crawler, reference] : [reference, crawler];
  const grey = (value: number): string => value.toFixed(1);
  return {
    kind: 'image.pair-residual',
    severity: poisoned ? 'high' : 'medium',
    // A clean copy for the crawler and an altered one for others is odd, but poisons nobody.
    score: poisoned ? sure : sure / 2,
    summary:
      `The copy that ${who.identity} received carries a perturbation that the copy of ${other.identity} lacks: ` +
      `${grey(features.luma)} grey levels in luma and ${grey(features.chroma)} in colour are left after recompression, resizing and retouching are allowed for.`,
    taxonomy: ['AML.T0020', 'NISTAML.012'],
    rule: 'image/pair-residual@1',
    evidence: {
      altered: who.identity,
      certainty: Number(certainty.toFixed(3)),
      logOdds: Number(logOdds.toFixed(2)),
      threshold: PAIR_THRESHOLD,
      residual: { luma: Number(features.luma.toFixed(2)), chroma: Number(features.chroma.toFixed(2)) },
    },
  };
}
