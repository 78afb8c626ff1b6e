/** Keep what an exchange taught about the noise of its source. */
import type { Comparison } from '../compare/index.ts';
import type { Exchange, Ports } from '../domain/index.ts';
import type { Brief } from './brief.ts';

/** Most places kept per path template: beyond that a page has no still part worth keeping a band for. */
const MOST_PLACES = 500;

/** Adds the places that were seen to churn to the band of the path template; writes only where something is new. */
export async function learnNoise(
  { source }: Exchange,
  { template, noise }: Brief,
  comparison: Comparison | undefined,
  { sources }: Pick<Ports, 'sources'>,
): Promise<void> {
  const known = new Set(noise?.volatile);
  const fresh = comparison?.volatile.filter((place) => !known.has(place)) ?? [];
  if (fresh.length === 0) return;
  const volatile = [...known, ...fresh].slice(-MOST_PLACES);
  await sources.learn({ source, template, volatile, pages: (noise?.pages ?? 0) + 1 });
}
