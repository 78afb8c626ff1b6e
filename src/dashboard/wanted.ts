/** A filter as a question to one verdict, for whoever walks them all. */
import { ForetasteError, type Milliseconds, type Verdict } from '../domain/index.ts';
import { parseFilter } from './filter.ts';
import { fingerprintOf, matches } from './match.ts';

/**
 * Whether a verdict that waits for a decision passes `filter`. Throws ForetasteError `bad-request` for what is not understood:
 * a typing error must not widen what is decided on.
 */
export function wantedBy(filter: string, now: Milliseconds): (verdict: Verdict) => boolean {
  const parsed = parseFilter(filter);
  const [problem] = parsed.problems;
  if (problem !== undefined) throw new ForetasteError('bad-request', problem, { where: 'filter' });
  return (verdict) =>
    matches(parsed, { verdict, state: 'to-review', fingerprint: fingerprintOf(verdict) }, now);
}
