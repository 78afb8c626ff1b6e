/** Text screens: hidden text, invisible characters, instructions to models, triggers, babble. */
import type { Finding, View } from '../../domain/index.ts';
import type { TextRule } from '../../rules/text.ts';
import { findBabble } from './babble.ts';
import { findHidden } from './hidden.ts';
import { findInjection } from './injection.ts';
import { passagesOf } from './passages.ts';
import { findInvisible, runsIn, smuggledPassages } from './smuggled.ts';
import { findTrigger } from './trigger.ts';

/** What one view's text says about itself; at most one finding of each rule. */
export function screenText(view: View, rules: readonly TextRule[]): Finding[] {
  const passages = passagesOf(view);
  const runs = runsIn(passages);
  const all = [...passages, ...smuggledPassages(runs)];
  const findings = [...findInvisible(runs), ...findInjection(all, rules)];
  if (view.kind !== 'page') return findings;
  return [...findHidden(view.hidden), ...findings, ...findTrigger(view), ...findBabble(view)];
}
