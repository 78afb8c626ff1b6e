/** Places in the log that are not known yet: a statement can name them before the end of the log has been read. */

/** Below every number that is ever stored: the place of the first line of a batch, and so on upwards. */
const FIRST = Number.MIN_SAFE_INTEGER;
/** More than any batch has. */
const MOST = 1_000_000;

/** Stands for the place of the `n`-th line of a batch, from 0. */
export const placeAt = (n: number): number => FIRST + n;

/** `parameter`, or the place that it stands for where the first line of the batch is at `first`. */
export const placed = <T>(parameter: T, first: number): T | number =>
  typeof parameter === 'number' && parameter < FIRST + MOST ? first + (parameter - FIRST) : parameter;
