/** Injected instructions: what is written to the model that will read a page, not to the person. */
import type { Finding, Ratio } from '../../domain/index.ts';
import { ruleName } from '../../rules/rule.ts';
import { findPhrase, mayHold, searchable, type TextRule } from '../../rules/text.ts';
import { isEveryday } from './hidden.ts';
import type { Passage } from './passages.ts';
import { prepare } from './prepare.ts';

interface Hit {
  readonly rule: TextRule;
  readonly phrase: string;
  readonly score: Ratio;
  readonly passage: Passage;
}

/**
 * The most that visible phrases amount to where the page speaks of such phrases, or where they stand alone: articles and
 * lessons quote them. Under the level of suspicion with the default policy (20 000 ** 0.68 = 841 against odds of 1 to 999).
 */
const VISIBLE_CAP: Ratio = 0.68;

/** A page that speaks about injection quotes it, also in its tabs and comments. */
const SUBJECT =
  /\b(?:prompt[- ]injections?|jailbreak(?:s|ing)?|red[- ]team(?:s|ing)?|system prompts?|adversarial prompts?|llm security)\b/giu;
/** Said in passing once; an article about it says it more often. */
const SUBJECT_NAMED = 3;

export function findInjection(passages: readonly Passage[], rules: readonly TextRule[]): Finding[] {
  const hits = passages.flatMap((passage) => hitsIn(passage, rules));
  if (hits.length === 0) return [];
  const quoted = speaksOfInjection(passages);
  const worst = [...Map.groupBy(hits, ({ passage }) => passage).values()]
    .map((together) => ({ together, score: scoreOf(together, quoted) }))
    .reduce((a, b) => (b.score > a.score ? b : a));
  const [first] = worst.together;
  if (!first) return [];
  const { place, technique } = first.passage;
  return [
    {
      kind: 'text.injection',
      severity: worst.score >= 0.9 ? 'high' : worst.score > VISIBLE_CAP ? 'medium' : 'low',
      score: worst.score,
      summary: `An instruction to language models ${place === 'hidden' ? `hidden by ${technique}` : 'in plain sight'}: ${JSON.stringify(first.phrase)}.`,
      taxonomy: ['AML.T0051.001', 'NISTAML.015'],
      rule: ruleName(first.rule),
      evidence: {
        hits: hits.slice(0, 10).map(({ rule, phrase, passage }) => ({
          rule: ruleName(rule),
          phrase,
          place: passage.place,
          technique: passage.technique,
          path: passage.path,
        })),
      },
    },
  ];
}

/** Characters that rules look at together; a file without paragraphs is one passage of any length. */
const WINDOW = 2000;
/** Longer than any phrase. */
const OVERLAP = 400;

function hitsIn(passage: Passage, rules: readonly TextRule[]): Hit[] {
  const prepared = prepare(passage.text);
  const whole = searchable(prepared);
  const speaking = rules.filter((rule) => mayHold(rule, whole));
  if (speaking.length === 0) return [];
  const windows = [...windowsOf(prepared)];
  return speaking.flatMap((rule) => {
    for (const text of windows) {
      const found = findPhrase(rule, text);
      if (!found) continue;
      const base = rule.match.score[passage.place];
      const score = passage.place === 'visible' && isQuoted(text, found.at) ? base / 2 : base;
      return [{ rule, phrase: found.text, score, passage }];
    }
    return [];
  });
}

function* windowsOf(text: string): Generator<string> {
  for (let at = 0; at === 0 || at + OVERLAP < text.length; at += WINDOW - OVERLAP)
    yield text.slice(at, at + WINDOW);
}

/** Rules that match one passage support each other: 1 - (1 - a)(1 - b). */
function scoreOf(hits: readonly Hit[], speaksOfIt: boolean): Ratio {
  const together = 1 - hits.reduce((doubt, { score }) => doubt * (1 - score), 1);
  const [first] = hits;
  if (!first) return 0;
  if (first.passage.place === 'visible') {
    return speaksOfIt || hits.length < 2 ? Math.min(together, VISIBLE_CAP) : together;
  }
  return speaksOfIt && isEveryday(first.passage.technique) ? Math.min(together, VISIBLE_CAP) : together;
}

const isQuoted = (text: string, at: number): boolean =>
  /["'“”„«»‘’`「『]\s?$/u.test(text.slice(Math.max(0, at - 2), at));

function speaksOfInjection(passages: readonly Passage[]): boolean {
  const visible = passages.filter(({ place }) => place === 'visible');
  const named = visible.reduce((sum, { text }) => sum + (text.match(SUBJECT)?.length ?? 0), 0);
  return named >= SUBJECT_NAMED;
}
