/** Runs the cases of every rule: what must match and what must not. */
import { isEvidence } from './evidence.ts';
import { failuresOf, type ProfileRule } from './profiles.ts';
import { mayRelease } from './release.ts';
import { type Rule, ruleName } from './rule.ts';
import type { Rules } from './rules.ts';
import { findPhrase } from './text.ts';
import { drawCase } from './trigger-case.ts';
import { findTrigger } from './trigger-find.ts';
import { isVolatile } from './volatile.ts';

export interface CaseFailure {
  /** `text/ignore-previous@1`. */
  readonly rule: string;
  /** `match` where the case must match and did not, `pass` where it matched and must not. */
  readonly expected: 'match' | 'pass';
  /** The case itself, shortened. */
  readonly example: string;
}

export interface CheckReport {
  readonly rules: number;
  readonly cases: number;
  readonly failures: readonly CaseFailure[];
}

export function checkRules(rules: Rules): CheckReport {
  const reports = [
    ...rules.volatile.map((rule) => checkCases(rule, (example) => isVolatile(rule, example))),
    ...rules.evidence.map((rule) => checkCases(rule, (example) => isEvidence(rule, example))),
    ...rules.profiles.map(checkProfile),
    ...rules.text.map((rule) => checkCases(rule, (example) => findPhrase(rule, example) !== undefined)),
    ...rules.release.map((rule) => checkCases(rule, (example) => mayRelease(rule, example))),
    ...rules.trigger.map((rule) =>
      checkCases(rule, (example) => findTrigger(rule, drawCase(example)) !== undefined),
    ),
  ];
  return {
    rules: reports.length,
    cases: reports.reduce((sum, { cases }) => sum + cases, 0),
    failures: reports.flatMap(({ failures }) => failures),
  };
}

function checkCases<Example>(rule: Rule<Example>, matches: (example: Example) => boolean): CheckReport {
  const { match, pass } = rule.cases;
  const failed = (expected: CaseFailure['expected'], examples: readonly Example[]) =>
    examples
      .filter((example) => matches(example) !== (expected === 'match'))
      .map((example) => ({ rule: ruleName(rule), expected, example: shown(example) }));
  return {
    rules: 1,
    cases: match.length + pass.length,
    failures: [...failed('match', match), ...failed('pass', pass)],
  };
}

/** Cases of a profile say what is sent, so that all of them must match. */
const checkProfile = (profile: ProfileRule): CheckReport => ({
  rules: 1,
  cases: profile.cases.length,
  failures: profile.cases
    .map((given) => ({ given, failed: failuresOf(profile, given) }))
    .filter(({ failed }) => failed.length > 0)
    .map(({ given, failed }) => ({
      rule: `profiles/${profile.name}`,
      expected: 'match',
      example: shown(`${failed.join(', ')} for ${given.url}`),
    })),
});

const shown = (example: unknown): string => {
  const text = typeof example === 'string' ? example : JSON.stringify(example);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
};
