/** Quorum of references, as certificate authorities count their network perspectives. */
import type { Identity, IdentityName } from '../domain/index.ts';

export interface QuorumVote {
  readonly identity: IdentityName;
  /** Undefined: no evidence, neither for nor against. */
  readonly corroborates: boolean | undefined;
}

export interface Quorum {
  readonly agreed: number;
  readonly usable: number;
  /** `2/3`, as it stands in the verdict. */
  readonly text: `${number}/${number}`;
  /** Whether what the crawler got counts as corroborated. */
  readonly holds: boolean;
}

/**
 * CA/Browser Forum Baseline Requirements, 3.2.2.9, Quorum Requirements:
 *
 * | Distinct remote perspectives used | Allowed non-corroborations |
 * |---|---|
 * | 2-5 | 1 |
 * | 6+  | 2 |
 *
 * With a single reference none may fail.
 */
export const allowedFailures = (usable: number): number => (usable < 2 ? 0 : usable < 6 ? 1 : 2);

/**
 * Count the votes. An identity that was asked several times votes once, and corroborates only where all its views do.
 * Who brought no evidence stands aside: it is neither in the numerator nor in the denominator.
 * Where `identities`, those that could be asked, span several independence groups, the corroborating ones and the crawler's own
 * (`direct`) together have to span two: a mirror in the same rack is no second opinion.
 */
export function quorumOf(votes: readonly QuorumVote[], identities: readonly Identity[]): Quorum {
  const byIdentity = new Map<IdentityName, boolean>();
  for (const { identity, corroborates } of votes) {
    if (corroborates === undefined) continue;
    byIdentity.set(identity, corroborates && (byIdentity.get(identity) ?? true));
  }
  const agreeing = [...byIdentity].filter(([, corroborates]) => corroborates).map(([identity]) => identity);
  const [agreed, usable] = [agreeing.length, byIdentity.size];
  const enough = agreed > 0 && usable - agreed <= allowedFailures(usable);
  return {
    agreed,
    usable,
    text: `${agreed}/${usable}`,
    holds: enough && areIndependent(agreeing, identities),
  };
}

function areIndependent(agreeing: readonly IdentityName[], identities: readonly Identity[]): boolean {
  const groupOf = new Map(identities.map(({ name, perspective }) => [name, perspective.group]));
  const own = ownGroup(identities);
  if (new Set([...groupOf.values(), own]).size < 2) return true;
  return new Set([own, ...agreeing.map((identity) => groupOf.get(identity) ?? own)]).size >= 2;
}

/** Independence group that the crawler's own requests leave from. */
export const ownGroup = (identities: readonly Identity[]): string =>
  identities.find(({ perspective }) => perspective.route.via === 'direct')?.perspective.group ?? 'direct';
