/** The model file of single pictures, checked when it is read. @see docs/adr/image-model.md */
import { z } from 'zod';
import { ForetasteError } from '../../domain/index.ts';

const number = z.number();
const natural = z.int().min(0);
const orNull = <Schema extends z.ZodType>(schema: Schema) => z.union([schema, z.null()]);

const row = z.looseObject({
  carrier: z.enum(['lossless', 'jpeg', 'other']),
  /** From, and below which, on libjpeg's scale. */
  quality: z.tuple([number, number]),
  subsampled: orNull(z.boolean()),
  resampled: orNull(z.boolean()),
  /** Log odds; null where this carrier cannot show a perturbation at one false alarm in a thousand. */
  threshold: orNull(number),
  falseAlarms: z.looseObject({ alarms: natural, of: natural, upper: number }),
  /** Log odds and probability, ascending. */
  knots: z.array(z.tuple([number, number])).min(1),
});
export type CalibrationRow = z.output<typeof row>;

const layer = z.looseObject({
  name: z.string(),
  /** Height, width, in, out of a convolution; in, out of a dense layer. */
  shape: z.union([z.tuple([natural, natural, natural, natural]), z.tuple([natural, natural])]),
  stride: z.int().positive().default(1),
  activation: z.enum(['relu', 'relu6', 'linear']).optional(),
  /** In float32 values of the weights file. */
  offset: natural,
  biasOffset: natural,
});
export type Layer = z.output<typeof layer>;

const model = z.looseObject({
  version: z.union([z.string(), number]),
  tile: z.literal(128),
  layers: z.array(layer).min(3),
  forest: z.looseObject({ base: number, trees: z.array(z.array(number)) }),
  resampled: z.looseObject({ weights: z.array(number), bias: number }),
  calibration: z.array(row).min(1),
  small: z.array(row).min(1),
});
export type SingleModel = z.output<typeof model>;

/** Throws ForetasteError `config` with the place of the first thing that is wrong. */
export function parseModel(text: string, weights: number): SingleModel {
  const parsed = model.safeParse(JSON.parse(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ForetasteError(
      'config',
      `Expected a model of single pictures but ${issue?.message ?? 'something else came'} at ${issue?.path.join('.')}.`,
    );
  }
  for (const { name, shape, offset, biasOffset } of parsed.data.layers) {
    const size = shape.reduce((product, n) => product * n, 1);
    if (offset + size > weights || biasOffset + (shape.at(-1) ?? 0) > weights)
      throw new ForetasteError('config', `Expected the weights of layer ${name} inside the file.`);
  }
  return parsed.data;
}
