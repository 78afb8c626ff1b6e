/** Release rules: which quarantined content may be let go in bulk, because it proves to be what was recorded. */
import { z } from 'zod';
import { FINDING_KINDS, SNAPSHOT_STATUSES } from '../domain/index.ts';
import { ruleSchema } from './rule.ts';

const mediaType = z
  .string()
  .regex(/^(?:\*\/\*|[a-z]+\/(?:\*|[\w.+-]+))$/, { error: 'a media type, or a family such as text/*' });

const match = z.strictObject({
  /** What today's records, and archives where there are any, say of the kept content. */
  snapshot: z.array(z.enum(SNAPSHOT_STATUSES)).min(1),
  /** Every finding is one of these kinds; what a rule does not name speaks against the release. */
  findings: z.array(z.enum(FINDING_KINDS)),
  types: z.array(mediaType).min(1).default(['*/*']),
});

const example = z.strictObject({
  snapshot: z.enum(SNAPSHOT_STATUSES),
  findings: z.array(z.enum(FINDING_KINDS)),
  type: z.string(),
});

export const releaseRuleSchema = ruleSchema(match, example);
export type ReleaseRule = z.output<typeof releaseRuleSchema>;

/** What a rule looks at. */
export type Releasable = z.output<typeof example>;

export const mayRelease = ({ match }: ReleaseRule, { snapshot, findings, type }: Releasable): boolean =>
  match.snapshot.includes(snapshot) &&
  findings.every((kind) => match.findings.includes(kind)) &&
  match.types.some(
    (allowed) =>
      allowed === '*/*' ||
      allowed === type ||
      (allowed.endsWith('/*') && type.startsWith(allowed.slice(0, -1))),
  );
