/** Trigger rules: marks that backdoor attacks leave in pictures, by shape. */
import { z } from 'zod';
import { ruleSchema } from './rule.ts';
import { pictureCase } from './trigger-case.ts';

/** Grey levels of 255. */
const level = z.number().min(0).max(255);
const pixels = z.int().positive();

/**
 * A small mark of whole cells near a corner: `#` stands at an end of the range, `.` is the picture (or, with `ground:
 * opposite`, the other end). Turned into each corner.
 */
const stamp = z.strictObject({
  type: z.literal('stamp'),
  rows: z.array(z.string().regex(/^[#.]+$/)).min(1),
  ground: z.enum(['picture', 'opposite']),
  /** Most pixels a side of a cell. */
  cell: pixels,
  /** Most pixels between the mark and the corner. */
  reach: z.int().min(0),
  /** Least difference between `#` and `.`. */
  contrast: level,
  /** Most deviation of the picture around the mark, in grey levels: in a busy place anything can be read. */
  calm: level,
});

/** A rectangle laid over a picture near a corner: sharp straight edges on all four sides, picture with grain around. */
const patch = z.strictObject({
  type: z.literal('patch'),
  /** Sides in pixels. */
  smallest: pixels,
  largest: pixels,
  /** Side of the corner squares in which it is looked for. */
  reach: pixels,
  /** Least step over an edge in grey levels, and the share of each edge that has it. */
  step: level,
  share: z.number().min(0.5).max(1),
  /** Least share of the places around it that show grain. */
  grain: z.number().min(0).max(1),
});

/** A sine over the whole picture, in columns or rows, of one phase from end to end. */
const wave = z.strictObject({
  type: z.literal('wave'),
  /** Amplitude in grey levels. */
  least: level,
  most: level,
  /** Cycles over the picture. */
  cycles: z.tuple([pixels, pixels]),
  /** Power of the sine against that of the frequencies around it. */
  prominence: z.number().positive(),
});

const match = z.strictObject({
  kind: z.literal('image.trigger'),
  shape: z.discriminatedUnion('type', [stamp, patch, wave]),
  /** How sure a match is. */
  score: z.number().min(0).max(1),
});

export const triggerRuleSchema = ruleSchema(match, pictureCase);
export type TriggerRule = z.output<typeof triggerRuleSchema>;
export type TriggerShape = TriggerRule['match']['shape'];
export type StampShape = Extract<TriggerShape, { type: 'stamp' }>;
export type PatchShape = Extract<TriggerShape, { type: 'patch' }>;
export type WaveShape = Extract<TriggerShape, { type: 'wave' }>;
