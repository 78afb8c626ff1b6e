/** Decide: findings to verdict, verdict to action. */
import type { Action, Finding, Policy, Ratio, VerdictName } from '../domain/index.ts';
import { weigh } from './weigh.ts';

export { weigh } from './weigh.ts';

/** What the pipeline knows when it decides. */
export interface Evidence {
  readonly findings: readonly Finding[];
  /** Something independent stood for the content: a snapshot record, or a quorum of identities. */
  readonly corroborated: boolean;
}

export interface Decision {
  readonly verdict: VerdictName;
  readonly action: Action;
  readonly score: Ratio;
}

/**
 * The verdict that `evidence` amounts to under `policy`, and the action for it.
 * Without corroboration the best is `unverified`: unknown is never `clean`.
 */
export function decide({ findings, corroborated }: Evidence, policy: Policy): Decision {
  const sound = findings.filter(({ score }) => score >= 0 && score <= 1);
  const score = weigh(sound, policy);
  // A check that failed to give a score (NaN) has seen nothing, and has not cleared anything either.
  const verdict = verdictOf(score, corroborated && sound.length === findings.length, policy);
  return { verdict, action: policy.actions[verdict], score: Math.round(score * 1e4) / 1e4 };
}

function verdictOf(score: Ratio, corroborated: boolean, { levels }: Policy): VerdictName {
  if (score >= levels.block) return 'poisoned';
  if (score >= levels.suspect) return 'suspect';
  return corroborated ? 'clean' : 'unverified';
}
