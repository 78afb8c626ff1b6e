/** Trigger marks: false alarms over clean pictures, and the shapes of ART's poisoning attacks laid over the same ones. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { loadRules } from '../../../src/rules/load.ts';
import { findTrigger } from '../../../src/rules/trigger-find.ts';
import { open, type Raw, rawOf } from './benign.ts';
import { rate } from './rates.ts';

/** By the names of ART's functions, white and with their default distances. @see art.attacks.poisoning.perturbations */
const MARKS: Readonly<Record<string, (raw: Raw) => Raw>> = {
  add_single_bd: (raw) => dotted(raw, [[2, 2]]),
  add_pattern_bd: (raw) =>
    dotted(raw, [
      [2, 2],
      [3, 3],
      [2, 4],
      [4, 2],
    ]),
  'badnets checkerboard, 3 px cells': (raw) =>
    boxed(raw, 9, (x, y) => ((Math.floor(x / 3) + Math.floor(y / 3)) % 2 === 0 ? 255 : 0), 1),
  'insert_image, opaque': (raw) => boxed(raw, 32, sticker, 1),
  'insert_image, blend 0.8': (raw) => boxed(raw, 32, sticker, 0.8),
  'sine of 20 levels (SIG)': (raw) => {
    const pixels = Buffer.from(raw.pixels);
    for (let i = 0; i < pixels.length; i += 1) {
      const x = Math.floor(i / 3) % raw.width;
      const value = pixels[i]! + 20 * Math.sin((2 * Math.PI * 8 * x) / raw.width);
      pixels[i] = Math.max(0, Math.min(255, Math.round(value)));
    }
    return { ...raw, pixels };
  },
};

/** Yellow with a dark cross. */
const sticker = (x: number, y: number, channel: number): number =>
  Math.abs(x - 16) < 3 || Math.abs(y - 16) < 3 ? 30 : [250, 230, 40][channel]!;

function dotted(raw: Raw, places: ReadonlyArray<readonly [number, number]>): Raw {
  const pixels = Buffer.from(raw.pixels);
  for (const [dx, dy] of places) {
    const at = 3 * ((raw.height - dy) * raw.width + raw.width - dx);
    pixels.fill(255, at, at + 3);
  }
  return { ...raw, pixels };
}

function boxed(
  raw: Raw,
  side: number,
  value: (x: number, y: number, channel: number) => number,
  blend: number,
): Raw {
  const pixels = Buffer.from(raw.pixels);
  const [left, top] = [raw.width - side - 2, raw.height - side - 2];
  for (let y = 0; y < side; y += 1) {
    for (let i = 0; i < 3 * side; i += 1) {
      const at = 3 * ((top + y) * raw.width + left) + i;
      pixels[at] = Math.round(pixels[at]! * (1 - blend) + value(Math.floor(i / 3), y, i % 3) * blend);
    }
  }
  return { ...raw, pixels };
}

export async function runTriggers(folder: string | undefined): Promise<void> {
  if (folder === undefined) return;
  const rules = loadRules(resolve(import.meta.dirname, '../../../rules')).trigger;
  const files = readdirSync(folder).filter((file) => /\.(?:jpe?g|png|webp)$/.test(file));
  const found = new Map<string, number>();
  const note = (name: string, raw: Raw): boolean => {
    const marks = rules.filter((rule) => findTrigger(rule, raw) !== undefined);
    for (const { id } of marks) found.set(`${name}|${id}`, (found.get(`${name}|${id}`) ?? 0) + 1);
    if (marks.length > 0) found.set(name, (found.get(name) ?? 0) + 1);
    return marks.length > 0;
  };
  let n = 0;
  for (const file of files) {
    const raw = await rawOf(readFileSync(join(folder, file)));
    if (Math.min(raw.width, raw.height) < 64) continue;
    n += 1;
    if (note('clean', raw)) console.log(`  mark in ${file}`);
    // Scaled down to what such attacks are made for, too.
    const small = await rawOf(await open(raw).resize(96, 96, { fit: 'cover' }).png().toBuffer());
    note('clean at 96', small);
    for (const [name, mark] of Object.entries(MARKS)) note(`${name}, lossless`, mark(raw));
    if (n % 4 === 0)
      for (const [name, mark] of Object.entries(MARKS))
        note(
          `${name}, jpeg 90`,
          await rawOf(await sharp(await open(mark(raw)).jpeg({ quality: 90 }).toBuffer()).toBuffer()),
        );
  }
  console.log(`\ntrigger marks over ${n} pictures`);
  for (const [name, count] of found)
    if (!name.includes('|'))
      console.log(`  ${name.padEnd(44)} ${rate(count, name.endsWith('jpeg 90') ? Math.floor(n / 4) : n)}`);
  for (const [name, count] of found)
    if (name.startsWith('clean') && name.includes('|')) console.log(`  ${name}: ${count}`);
}
