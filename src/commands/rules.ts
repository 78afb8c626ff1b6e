/** `foretaste rules test [DIR]`: run the cases that stand beside every rule. */
import { RULES } from '../paths.ts';
import { checkRules } from '../rules/check.ts';
import { loadRules } from '../rules/load.ts';

/** Returns the exit status: 1 where a case fails. */
export function testRules(dir: string | undefined, print: (line: string) => void): number {
  const loaded = loadRules(dir ?? RULES);
  const { rules, cases, failures } = checkRules(loaded);
  for (const { rule, expected, example } of failures)
    print(`${rule}: expected the case to ${expected} but it did not: ${example}`);
  print(`${rules} rules, ${cases} cases, ${failures.length} failed, ${loaded.digest}`);
  return failures.length === 0 ? 0 : 1;
}
