/** Hidden text: how unlike the hidden text of honest pages a run is. */
import type { Finding, HiddenText, Ratio } from '../../domain/index.ts';
import { prepare } from './prepare.ts';

/**
 * Ways of hiding that pages use every day: menus, tabs, dialogs, fallbacks, labels for screen readers. There even a long
 * run says little; by any other way, text was put where a parser finds it and a reader does not.
 */
const EVERYDAY = new Set([
  'display-none',
  'hidden',
  'visibility-hidden',
  'comment',
  'noscript',
  'template',
  'aria-hidden',
  'sr-only',
  'collapsed',
]);

export const isEveryday = (technique: string): boolean => EVERYDAY.has(technique);

/** Shorter runs are labels, prices and ornaments. */
const FEWEST_WORDS = 12;
/** A run of this many words scores as high as length can make it. */
const MANY_WORDS = 120;

/**
 * How sure we are that a run was hidden to be read by machines only: by how it is hidden, and by whether it is prose.
 * Presence is a signal and no verdict, so this stays under a half whatever stands in it; what it says is for the text rules.
 */
export function scoreHidden(run: HiddenText): Ratio {
  if (isEveryday(run.technique)) return 0;
  const words = prepare(run.text)
    .split(' ')
    .filter((word) => /\p{L}{2}/u.test(word));
  if (words.length < FEWEST_WORDS || !isProse(run.text)) return 0;
  const length = Math.min(1, words.length / MANY_WORDS);
  return 0.25 + 0.2 * length;
}

/** Sentences rather than a list of names: a stop, and words that start small. */
function isProse(text: string): boolean {
  const words = text.match(/\p{L}+/gu) ?? [];
  const small = words.filter((word) => /^\p{Ll}/u.test(word) || /^\p{Lo}/u.test(word)).length;
  return /[.!?。！？।۔]/u.test(text) && small >= words.length / 2;
}

/** Runs that are shown to a reviewer; a page with more of them reads no differently. */
const SHOWN = 5;

export function findHidden(hidden: readonly HiddenText[]): Finding[] {
  const scored = hidden
    .map((run) => ({ run, score: scoreHidden(run) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  const [worst] = scored;
  if (!worst) return [];
  const characters = scored.reduce((sum, { run }) => sum + run.text.length, 0);
  return [
    {
      kind: 'text.hidden',
      severity: 'low',
      score: worst.score,
      summary: `${scored.length} ${scored.length === 1 ? 'run' : 'runs'} of prose (${characters} characters) that no reader sees, hidden by ${worst.run.technique}.`,
      taxonomy: ['AML.T0068', 'NISTAML.015'],
      rule: 'text/hidden-prose@1',
      evidence: {
        runs: scored
          .slice(0, SHOWN)
          .map(({ run, score }) => ({ ...run, text: run.text.slice(0, 500), score })),
      },
    },
  ];
}
