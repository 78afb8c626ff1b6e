/** `--since`: a time as people write it. */
import { ForetasteError, type Timestamp } from '../domain/index.ts';

/** Throws ForetasteError `usage` for what is no time. */
export function sinceOf(since: string | undefined): { since?: Timestamp } {
  if (since === undefined) return {};
  const at = Date.parse(since);
  if (Number.isNaN(at))
    throw new ForetasteError(
      'usage',
      `Expected a time such as 2026-11-22T00:00:00Z but received ${since} in --since.`,
    );
  return { since: new Date(at).toISOString() };
}
