/** Marks that backdoor attacks are triggered by, by the rules of rules/trigger. */
import type { Finding, ImageView } from '../../domain/index.ts';
import { ruleName } from '../../rules/rule.ts';
import type { TriggerRule } from '../../rules/trigger.ts';
import { findTrigger } from '../../rules/trigger-find.ts';

/** One finding, of the rule that is surest; where others match as well, they stand in its evidence. */
export function triggerMark(
  view: Pick<ImageView, 'width' | 'height' | 'pixels' | 'identity'>,
  rules: readonly TriggerRule[],
): Finding[] {
  const found = rules
    .flatMap((rule) => {
      const mark = findTrigger(rule, view);
      return mark === undefined ? [] : [{ rule, mark }];
    })
    .sort((a, b) => b.rule.match.score - a.rule.match.score);
  const [surest] = found;
  if (surest === undefined) return [];
  const { rule, mark } = surest;
  const { score } = rule.match;
  return [
    {
      kind: 'image.trigger',
      severity: score >= 0.9 ? 'medium' : 'low',
      score,
      summary: `The picture that ${view.identity} received carries a mark of the shape that backdoor attacks use (${rule.id}): ${mark.detail} at ${mark.left}, ${mark.top}.`,
      taxonomy: ['AML.T0018', 'AML.T0020', 'NISTAML.021'],
      rule: ruleName(rule),
      evidence: {
        place: { left: mark.left, top: mark.top, width: mark.width, height: mark.height },
        marks: found.map((each) => ({ rule: ruleName(each.rule), ...each.mark })),
      },
    },
  ];
}
