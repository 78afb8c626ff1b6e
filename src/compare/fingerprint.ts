/** Divergence fingerprints: equal for the same lie on different pages, whatever tokens it carries. */
import type { Difference } from './difference.ts';

/**
 * `d1:` and 16 hexadecimal digits over what was done and where, not over the words: kinds, rules, changes and places of all
 * differences that count. Undefined without any. A later way of taking it gets another prefix.
 */
export function fingerprintOf(differences: readonly Difference[]): string | undefined {
  if (differences.length === 0) return undefined;
  const traits = differences.map(
    ({ kind, rule, place, changes }) => `${kind} ${rule} ${place} ${changes.join('+')}`,
  );
  return `d1:${fnv1a64([...new Set(traits)].sort().join('\n'))}`;
}

/** FNV-1a, 64 bit: it groups, it does not protect. @see http://www.isthe.com/chongo/tech/comp/fnv/ */
function fnv1a64(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const octet of new TextEncoder().encode(text))
    hash = BigInt.asUintN(64, (hash ^ BigInt(octet)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}
