/** What was measured of a picture, as OpenAPI documents it. */
import { z } from '@hono/zod-openapi';

const ratio = z.number().openapi({ minimum: 0, maximum: 1 });

const PerturbationSchema = z
  .object({
    outcome: z.enum(['perturbed', 'nothing-found', 'cannot-tell', 'not-screened']).openapi({
      description: '`cannot-tell`: this format, quality or size hides what is looked for; it is not clean.',
    }),
    reason: z.string().optional(),
    score: z.number().optional().openapi({ description: 'Log odds before calibration.' }),
    probability: ratio.optional().openapi({ description: 'Calibrated for this carrier.' }),
    threshold: z.number().optional(),
    falseAlarms: z.object({ rate: ratio, upper: ratio, pictures: z.number().int() }).optional().openapi({
      description: 'Share of clean pictures of this carrier over the threshold, 95 % upper end.',
    }),
    carrier: z.string().optional().openapi({ example: 'jpeg 80 to 89 subsampled' }),
    model: z.string().optional().openapi({ example: 'image/perturbed@1' }),
    atMost: z.literal(true).optional().openapi({
      description: '`score` and `probability` are upper bounds: more could not have changed the outcome.',
    }),
  })
  .openapi('Perturbation');

export const PictureSchema = z
  .object({
    format: z.string().openapi({ example: 'jpeg' }),
    width: z.number().int(),
    height: z.number().int(),
    encoding: z.object({
      lossless: z.boolean(),
      quality: z.number().optional(),
      chroma: z.string().optional().openapi({ example: '4:2:0' }),
      frames: z.number().int(),
    }),
    resampling: z.object({ factor: z.number(), strength: z.number() }),
    perturbation: PerturbationSchema,
    pair: z
      .object({
        against: z.string(),
        outcome: z.enum(['altered', 'nothing-found', 'same-pixels', 'cannot-tell']),
        logOdds: z.number().optional(),
        threshold: z.number(),
        altered: z.string().optional(),
      })
      .optional(),
    plugins: z
      .array(
        z.object({
          name: z.string(),
          mode: z.enum(['shadow', 'vote']),
          score: z.number().optional(),
          probability: ratio.optional(),
          model: z.string().optional(),
          version: z.string().optional(),
          error: z.string().optional(),
        }),
      )
      .readonly()
      .optional(),
    heatmap: z.string().optional().openapi({ description: 'PNG as a data: URL, where it was asked for.' }),
  })
  .openapi('Picture');
