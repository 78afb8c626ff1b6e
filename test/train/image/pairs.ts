/** Writes features of pairs, attacked and benign, as JSON lines. usage: pairs.ts ATTACKS OUT [--draws N] [--seed S] */
import { createWriteStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pairFeatures } from '../../../src/screen/image/pair-features.ts';
import { createDecoder } from '../../../src/view/decoder.ts';
import { chance, perturb } from '../../origin/pictures.ts';
import { drawPath, jpegPath, type Path, untouched } from './paths.ts';

export interface AttackRow {
  readonly id: string;
  readonly base: string;
  readonly split: string;
  readonly kind: string;
  readonly encoder: string;
  readonly epsilon: number;
  readonly scale: number;
}

/** The pairs that attacks.py has made so far. */
export function readAttacks(folder: string): AttackRow[] {
  return readdirSync(folder)
    .filter((name) => /^pairs-.*\.csv$/.test(name))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split(/\r?\n/).slice(1))
    .map((line) => line.split(','))
    .filter((cells) => cells.length === 8)
    .map(([id = '', base = '', split = '', kind = '', encoder = '', epsilon, scale]) => ({
      id,
      base,
      split,
      kind,
      encoder,
      epsilon: Number(epsilon),
      scale: Number(scale),
    }));
}

interface Case {
  readonly row: AttackRow;
  readonly label: string;
  readonly first: readonly [Buffer, Path];
  readonly second: readonly [Buffer, Path];
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      draws: { type: 'string', default: '4' },
      seed: { type: 'string', default: '1' },
      every: { type: 'string', default: '1' },
    },
  });
  const [attacks = '', out = ''] = positionals;
  const decoder = createDecoder({ pixels: 50_000_000 });
  const sink = createWriteStream(out);
  const rows = readAttacks(attacks).filter((_, i) => i % Number(values.every) === 0);
  const order = chance(Number(values.seed));
  rows.sort(() => order() - 0.5);
  const began = performance.now();
  let written = 0;
  for (const [k, row] of rows.entries()) {
    const draw = chance(Number(values.seed) * 100_003 + k);
    const clean = readFileSync(join(attacks, 'clean', `${row.id}.png`));
    const attacked = readFileSync(join(attacks, 'attacked', `${row.id}.png`));
    const strength = 4 + Math.floor(draw() * 13);
    const standIn = await perturb(clean, strength / 255, k);
    const cases: Case[] = [];
    for (let i = 0; i < Number(values.draws); i += 1) {
      cases.push({
        row,
        label: 'attacked',
        first: [attacked, drawPath(draw)],
        second: [clean, drawPath(draw)],
      });
      for (let j = 0; j < 3; j += 1) {
        cases.push({ row, label: 'benign', first: [clean, drawPath(draw)], second: [clean, drawPath(draw)] });
      }
    }
    // Structure of no known tool, so that the model does not learn two encoders by heart.
    const other = { ...row, kind: 'stand-in', encoder: 'none', epsilon: strength };
    cases.push({
      row: other,
      label: 'attacked',
      first: [standIn, drawPath(draw)],
      second: [clean, drawPath(draw)],
    });
    const quality = 75 + Math.floor(draw() * 22);
    const beside = 75 + Math.floor(draw() * 22);
    cases.push({ row, label: 'attacked', first: [attacked, jpegPath(85)], second: [clean, jpegPath(85)] });
    cases.push({ row, label: 'attacked', first: [attacked, untouched], second: [clean, untouched] });
    cases.push({
      row,
      label: 'attacked',
      first: [attacked, jpegPath(quality)],
      second: [clean, jpegPath(beside)],
    });
    cases.push({ row, label: 'benign', first: [clean, untouched], second: [clean, jpegPath(quality)] });
    cases.push({
      row,
      label: 'benign',
      first: [clean, jpegPath(85)],
      second: [clean, jpegPath(60 + Math.floor(draw() * 38))],
    });
    for (const { row: meta, label, first, second } of cases) {
      const a = await decoder.decode(await first[1].apply(first[0]), '');
      const b = await decoder.decode(await second[1].apply(second[0]), '');
      if (a.pixelSha256 === b.pixelSha256) continue;
      const features = pairFeatures(a, b);
      if (!features) continue;
      const numbers = [...features.values].map((value) => Number(value.toFixed(4)));
      sink.write(
        `${JSON.stringify({ ...meta, label, first: first[1].name, second: second[1].name, altered: features.altered, luma: features.luma, chroma: features.chroma, values: numbers, sides: [...features.sides].map((value) => Number(value.toFixed(4))) })}\n`,
      );
      written += 1;
    }
  }
  sink.end();
  process.stderr.write(`${written} pairs, ${((performance.now() - began) / written).toFixed(1)} ms each\n`);
}

if (import.meta.main) await main();
