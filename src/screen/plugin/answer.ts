/** The form of a plug-in's answer, whoever gives it. */
import { z } from 'zod';
import { ForetasteError } from '../../domain/index.ts';
import type { PluginAnswer } from './plugin.ts';

const answer = z.object({
  score: z.number(),
  p: z.number().min(0).max(1),
  model: z.string().min(1).max(200),
  version: z.union([z.string().min(1).max(200), z.number().transform(String)]),
});

/** Throws ForetasteError `bad-request` with the first thing that is wrong. */
export function readAnswer(given: unknown): PluginAnswer {
  const parsed = answer.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'the answer';
  throw new ForetasteError(
    'bad-request',
    `Expected {"score":number,"p":0..1,"model":text,"version":text} but ${where} is wrong: ${issue?.message}.`,
  );
}
