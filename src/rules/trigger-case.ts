/** Cases of trigger rules: pictures told in words, drawn from a seed, so that a rule needs no files beside it. */
import { z } from 'zod';
import type { RgbPicture } from './trigger-find.ts';

const colour = z.string().regex(/^#[0-9a-f]{6}$/);
const side = z.int().min(8).max(1024);

const mark = z.discriminatedUnion('mark', [
  z.strictObject({
    mark: z.literal('stamp'),
    rows: z.array(z.string()),
    cell: z.int().positive().default(1),
    corner: z.enum(['top-left', 'top-right', 'bottom-left', 'bottom-right']).default('bottom-right'),
    /** Pixels between the mark and the corner's sides. */
    distance: z.int().min(0).default(1),
    colour: colour.default('#ffffff'),
    ground: colour.optional(),
  }),
  z.strictObject({
    mark: z.literal('patch'),
    left: z.int(),
    top: z.int(),
    width: z.int().positive(),
    height: z.int().positive(),
    /** A colour, or the seed of another scene. */
    shows: z.union([colour, z.int()]),
    blend: z.number().min(0).max(1).default(1),
  }),
  z.strictObject({
    mark: z.literal('wave'),
    amplitude: z.number(),
    cycles: z.number(),
    along: z.enum(['columns', 'rows']),
  }),
]);

/** `scene`: a photograph-like ground with grain; `page`: dark words on paper, as in screenshots; `flat`: one colour. */
export const pictureCase = z.strictObject({
  width: side,
  height: side,
  scene: z.int().optional(),
  page: z.int().optional(),
  flat: colour.optional(),
  marks: z.array(mark).default([]),
});
export type PictureCase = z.output<typeof pictureCase>;
type Mark = PictureCase['marks'][number];

/** Uniform over [0, 1) by place and seed: the same picture whoever draws it. */
function noise(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed + 1, 0x9e3779b9);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

function smooth(x: number, y: number, size: number, seed: number): number {
  const [i, j] = [Math.floor(x / size), Math.floor(y / size)];
  const [s, t] = [x / size - i, y / size - j];
  const at = (a: number, b: number): number => noise(i + a, j + b, seed);
  return (at(0, 0) * (1 - s) + at(1, 0) * s) * (1 - t) + (at(0, 1) * (1 - s) + at(1, 1) * s) * t;
}

const sceneAt = (x: number, y: number, channel: number, seed: number): number =>
  40 +
  150 * smooth(x, y, 61, seed * 3 + channel) +
  30 * smooth(x, y, 11, seed + 7) +
  8 * (noise(x, y, seed + 11 + channel) - 0.5);

function groundAt(example: PictureCase, x: number, y: number, channel: number): number {
  if (example.flat !== undefined) return channelOf(example.flat, channel);
  if (example.scene !== undefined) return sceneAt(x, y, channel, example.scene);
  const seed = example.page ?? 0;
  const inLine = y % 18 > 6 && y % 18 < 16;
  const inWord = noise(Math.floor(x / 40), Math.floor(y / 18), seed) < 0.8;
  return inLine && inWord && noise(Math.floor(x / 2), y, seed) < 0.5 ? 30 : 255;
}

const channelOf = (given: string, channel: number): number =>
  Number.parseInt(given.slice(1 + 2 * channel, 3 + 2 * channel), 16);

export function drawCase(example: PictureCase): RgbPicture {
  const { width, height } = example;
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < pixels.length; i += 1) {
    const at = Math.floor(i / 3);
    let value = groundAt(example, at % width, Math.floor(at / width), i % 3);
    for (const each of example.marks)
      value = marked(each, value, at % width, Math.floor(at / width), i % 3, example);
    pixels[i] = Math.max(0, Math.min(255, Math.round(value)));
  }
  return { width, height, pixels };
}

function marked(
  mark: Mark,
  value: number,
  x: number,
  y: number,
  channel: number,
  { width, height }: PictureCase,
): number {
  switch (mark.mark) {
    case 'stamp': {
      const [across, down] = [(mark.rows[0]?.length ?? 0) * mark.cell, mark.rows.length * mark.cell];
      const left = mark.corner.endsWith('left') ? mark.distance : width - mark.distance - across;
      const top = mark.corner.startsWith('top') ? mark.distance : height - mark.distance - down;
      const cell = mark.rows[Math.floor((y - top) / mark.cell)]?.[Math.floor((x - left) / mark.cell)];
      if (cell === undefined) return value;
      if (cell === '#') return channelOf(mark.colour, channel);
      return mark.ground === undefined ? value : channelOf(mark.ground, channel);
    }
    case 'patch': {
      const inside =
        x >= mark.left && x < mark.left + mark.width && y >= mark.top && y < mark.top + mark.height;
      if (!inside) return value;
      const shown =
        typeof mark.shows === 'string' ? channelOf(mark.shows, channel) : sceneAt(x, y, channel, mark.shows);
      return value * (1 - mark.blend) + shown * mark.blend;
    }
    case 'wave': {
      const phase = mark.along === 'columns' ? x / width : y / height;
      return value + mark.amplitude * Math.sin(2 * Math.PI * mark.cycles * phase);
    }
    default:
      return mark satisfies never;
  }
}
