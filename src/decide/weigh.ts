/** Weigh findings as evidence: from a prior and likelihood ratios to the probability that content is poison. */
import type { Finding, Policy, Ratio } from '../domain/index.ts';

/**
 * Probability that the content is poison, given `findings` and the prior of `policy`.
 *
 * A finding of score `s` multiplies the odds by `ratio ** s`, so that a check which is unsure moves little. Kinds that share
 * a group see the same thing by different means: of them only the strongest counts. Groups are taken as independent.
 * A ratio below 1 (`provenance.signed`) speaks for the content; within its group it counts only alone.
 * @see Good 1950, "Probability and the Weighing of Evidence"
 */
export function weigh(findings: readonly Finding[], policy: Policy): Ratio {
  const strongest = new Map<string, number>();
  for (const { kind, score } of findings) {
    const { ratio, group } = policy.weights[kind];
    const weight = score * Math.log(ratio);
    const before = strongest.get(group);
    if (before === undefined || weight > before) strongest.set(group, weight);
  }
  const prior = Math.log(policy.prior / (1 - policy.prior));
  const logOdds = [...strongest.values()].reduce((sum, weight) => sum + weight, prior);
  return 1 / (1 + Math.exp(-logOdds));
}
