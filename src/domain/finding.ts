/** A finding: one thing a check saw. */
import type { Ratio } from './units.ts';

/** The closed list of the contract; a new one needs a CHANGELOG line. */
export const FINDING_KINDS = [
  'split-view.text',
  'split-view.hidden',
  'split-view.label',
  'split-view.link',
  'split-view.code',
  'split-view.image',
  'split-view.data',
  'split-view.redirect',
  'split-view.bytes',
  'snapshot.changed',
  'snapshot.label',
  'snapshot.reference-suspect',
  'source.epoch',
  'source.reputation',
  'frontrun.reverted',
  'image.perturbed',
  'image.pair-residual',
  'image.trigger',
  'image.malformed',
  'text.hidden',
  'text.injection',
  'text.trigger',
  'text.babble',
  'text.campaign',
  'code.backdoor',
  'label.conflict',
  'provenance.signed',
  'provenance.broken',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Finding {
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** How sure the check is of what it saw: 0 nothing, 1 certain. Policy weighs it by kind. */
  readonly score: Ratio;
  /** One sentence a reviewer can act on: what was seen, by which identity, with what numbers. */
  readonly summary: string;
  /** MITRE ATLAS 5.6.0 and NIST AI 100-2e2025 ids, e.g. `AML.T0020`, `NISTAML.013`. */
  readonly taxonomy: readonly string[];
  /** `folder/rule@version`, e.g. `split-view/exclusive-text@3`. */
  readonly rule: string;
  /** Details for a reader, JSON only. Text of captures stands here as data and is escaped wherever it is shown. */
  readonly evidence: Readonly<Record<string, unknown>>;
}
