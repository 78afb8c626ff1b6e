/** Exact bounds on a rate, from counts alone. */

const CONFIDENCE = 0.95;

/** Probability of at most `hits` of `n` at rate `p`, summed from the likeliest term down, in logarithms. */
function atMost(hits: number, n: number, p: number): number {
  let term = n * Math.log1p(-p);
  let sum = Math.exp(term);
  for (let k = 1; k <= hits; k++) {
    term += Math.log((n - k + 1) / k) + Math.log(p) - Math.log1p(-p);
    sum += Math.exp(term);
  }
  return sum;
}

/** The rate that `hits` of `n` leave possible at most, one-sided at 95 %. @see Clopper, Pearson 1934 */
export function upperBound(hits: number, n: number): number {
  if (n === 0 || hits >= n) return 1;
  let [low, high] = [hits / n, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (atMost(hits, n, middle) > 1 - CONFIDENCE) low = middle;
    else high = middle;
  }
  return high;
}

/** The rate that `hits` of `n` show at least, one-sided at 95 %. */
export const lowerBound = (hits: number, n: number): number => (n === 0 ? 0 : 1 - upperBound(n - hits, n));
