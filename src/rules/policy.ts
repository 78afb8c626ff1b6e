/** Policy files: verdict levels, actions, and what each kind of finding weighs. */
import { z } from 'zod';
import { ACTIONS, FINDING_KINDS, type Policy, VERDICTS } from '../domain/index.ts';

const probability = z.number().gt(0).lt(1);
const weight = z.strictObject({ ratio: z.number().positive(), group: z.string().min(1) });

/** Every verdict has its action and every kind its weight: a kind without one would count as nothing. */
export const policySchema = z
  .strictObject({
    name: z.string().min(1),
    description: z.string().min(1),
    prior: probability,
    levels: z.strictObject({ suspect: probability, block: probability }),
    actions: z.strictObject(record(VERDICTS, z.enum(ACTIONS))),
    /** 4xx or 5xx: anything else would be taken for content. */
    blockStatus: z.int().min(400).max(599),
    weights: z.strictObject(record(FINDING_KINDS, weight)),
  })
  .refine(({ levels }) => levels.suspect <= levels.block, {
    error: 'levels whose suspect is not above block',
    path: ['levels', 'suspect'],
  })
  .transform(({ description: _, ...policy }): Policy => policy);

function record<Key extends string, Value extends z.ZodType>(keys: readonly Key[], value: Value) {
  return Object.fromEntries(keys.map((key) => [key, value])) as Record<Key, Value>;
}
