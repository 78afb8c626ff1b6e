/** How a kind of archive is asked: what all of them do, and what each makes of an answer. */
import {
  type ArchiveQuery,
  type Capture,
  type Fields,
  field,
  type Milliseconds,
} from '../../domain/index.ts';
import type { Line } from './line.ts';

export interface Protocol {
  nearest(query: ArchiveQuery, line: Line): Promise<Capture | undefined>;
}

/** Text of an index's answer; undefined where it is none, or longer than any list of captures that was asked for. */
export async function textOf(answer: Capture | undefined): Promise<string | undefined> {
  if (answer === undefined) return undefined;
  try {
    if (answer.status !== 200 || answer.body.size > LONGEST_LIST) return undefined;
    return new TextDecoder().decode(await answer.body.decoded());
  } catch {
    return undefined;
  } finally {
    await answer.body.release();
  }
}

const LONGEST_LIST = 4 * 2 ** 20;

/** Fields that belong to the archive's own answer; what the origin sent stands under this prefix where the archive keeps them apart. */
const ORIGINAL = /^x-archive-orig-/i;
/** They speak of the octets as the archive delivers them. */
const OF_THE_ANSWER = /^(?:content-type|content-encoding|memento-datetime)$/i;
const FRAMING = /^(?:content-length|transfer-encoding|connection)$/i;

/** The answer of an archive that plays back a capture unchanged, as the capture it plays back. */
export function playedBack(answer: Capture, { url, at }: { url: string; at: Milliseconds }): Capture {
  const own = answer.fields.filter(([name]) => OF_THE_ANSWER.test(name));
  const original = answer.fields
    .filter(([name]) => ORIGINAL.test(name))
    .map(([name, value]) => [name.replace(ORIGINAL, ''), value] as const)
    .filter(([name]) => !OF_THE_ANSWER.test(name) && !FRAMING.test(name));
  return { ...answer, url, fields: [...own, ...original] satisfies Fields, startedAt: at };
}

/** When a memento was captured. @see RFC 7089, section 2.1.1 */
export function mementoMoment(fields: Fields): Milliseconds | undefined {
  const at = Date.parse(field(fields, 'memento-datetime') ?? '');
  return Number.isNaN(at) ? undefined : at;
}
