/** Rates with the intervals that their counts allow. */

/** Wilson's interval for `hits` of `n` at 95 %. @see Wilson 1927; Brown, Cai, DasGupta 2001 */
export function wilson(hits: number, n: number): [number, number] {
  if (n === 0) return [0, 1];
  const z = 1.96;
  const p = hits / n;
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** `3 of 2000, 0.15 % (0.05 % to 0.44 %)`. */
export function rate(hits: number, n: number): string {
  const [low, high] = wilson(hits, n);
  return `${hits} of ${n}, ${percent(n === 0 ? 0 : hits / n)} (${percent(low)} to ${percent(high)})`;
}
