/** Findings for messages in invisible characters. */
import type { Finding, Ratio } from '../../domain/index.ts';
import { type Carrier, findSmuggled, type Smuggled } from './invisible.ts';
import type { Passage } from './passages.ts';

/** A message that can be read was put there; a run that cannot may be an editor's accident. */
const SCORES: Readonly<Record<Carrier, { read: Ratio; unread: Ratio }>> = {
  'unicode-tags': { read: 0.95, unread: 0.5 },
  'variation-selectors': { read: 0.95, unread: 0.4 },
  'zero-width': { read: 0.9, unread: 0.4 },
  'bidi-override': { read: 0.4, unread: 0.4 },
};

/** Messages under this many characters are read by chance. */
const SHORTEST_MESSAGE = 4;

const scoreOf = ({ carrier, message }: Smuggled): Ratio =>
  SCORES[carrier][message.length >= SHORTEST_MESSAGE ? 'read' : 'unread'];

/** A run of invisible characters, and the passage it stands in. */
export type Run = Smuggled & Pick<Passage, 'path'>;

export const runsIn = (passages: readonly Passage[]): Run[] =>
  passages.flatMap(({ text, path }) => findSmuggled(text).map((run) => ({ ...run, path })));

/** What `runs` say, as passages of their own. */
export const smuggledPassages = (runs: readonly Run[]): Passage[] =>
  runs
    .filter(({ message }) => message.length >= SHORTEST_MESSAGE)
    .map(({ carrier, message, path }) => ({ text: message, place: 'hidden', technique: carrier, path }));

export function findInvisible(runs: readonly Run[]): Finding[] {
  const found = runs.map((run) => ({ ...run, score: scoreOf(run) })).sort((a, b) => b.score - a.score);
  const [worst] = found;
  if (!worst) return [];
  const says = worst.message ? `, which say ${JSON.stringify(worst.message.slice(0, 120))}` : '';
  return [
    {
      kind: 'text.hidden',
      severity: worst.score >= 0.9 ? 'high' : 'low',
      score: worst.score,
      summary: `${worst.length} invisible characters (${worst.carrier})${says}.`,
      taxonomy: ['AML.T0068', 'NISTAML.015'],
      rule: 'text/invisible@1',
      evidence: { runs: found.slice(0, 5) },
    },
  ];
}
