/** Single pictures: recall by attack, strength, way and kind; false alarms over clean and benignly edited ones. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { PerturbationReport } from '../../../src/domain/index.ts';
import type { Detector } from '../../../src/screen/image/detector.ts';
import { loadDetector } from '../../../src/screen/image/load.ts';
import { createDecoder } from '../../../src/view/decoder.ts';
import { chance } from '../../origin/pictures.ts';
import { readAttacks } from '../../train/image/pairs.ts';
import { EDITS, POSTS, type Raw, rawOf } from './benign.ts';
import { rate } from './rates.ts';
import { splitOf } from './split.ts';

export interface SingleOptions {
  /** Made by test/train/image/attacks.py; only its test split is read. */
  readonly attacks?: string;
  /** Pictures and provenance.csv with the columns file and category; only those that were not trained on. */
  readonly clean?: string;
  /** Benign pictures that are judged, and attacked ones; counted before post-processing. */
  readonly limit: number;
  readonly seed: number;
}

/** Counts by a few words, printed in the order in which they first came. */
export class Tally {
  readonly #rows = new Map<string, { n: number; found: number; unable: number }>();

  add(name: string, { outcome }: PerturbationReport): void {
    const row = this.#rows.get(name) ?? { n: 0, found: 0, unable: 0 };
    row.n += 1;
    if (outcome === 'perturbed') row.found += 1;
    if (outcome === 'cannot-tell') row.unable += 1;
    this.#rows.set(name, row);
  }

  print(title: string): void {
    console.log(`\n${title}`);
    for (const [name, { n, found, unable }] of this.#rows)
      console.log(
        `  ${name.padEnd(44)} ${rate(found, n).padEnd(46)}${unable > 0 ? ` cannot tell ${unable}` : ''}`,
      );
  }
}

const band = (epsilon: number): string =>
  epsilon < 6 ? 'eps 4' : epsilon < 9.5 ? 'eps 8' : epsilon < 13.5 ? 'eps 10 to 13 (Nightshade)' : 'eps 16';

const decoder = createDecoder({ pixels: 50_000_000 });
const judge = async (detector: Detector, bytes: Buffer): Promise<PerturbationReport> =>
  detector.judge(await decoder.decode(bytes, ''));

export async function runSingle({ attacks, clean, limit, seed }: SingleOptions): Promise<void> {
  const detector = await loadDetector().catch((error: Error) =>
    console.log(`\nsingle pictures: ${error.message}`),
  );
  if (!detector) return;
  console.log(
    `\nsingle pictures: ${detector.model} on ${detector.backend}, thresholds from its validation split`,
  );
  if (attacks) await recall(detector, attacks, limit);
  if (clean) await falseAlarms(detector, clean, attacks, limit, seed);
}

/** Kind of each base picture by its file name, where a sheet says so. */
function kindsOf(folder: string | undefined): Map<string, string> {
  const file = folder === undefined ? '' : join(folder, 'provenance.csv');
  if (!existsSync(file)) return new Map();
  const rows = parse<Record<string, string>>(readFileSync(file), { columns: true });
  return new Map(rows.map(({ file: name = '', category = '' }) => [name, category]));
}

async function recall(detector: Detector, folder: string, limit: number): Promise<void> {
  const rows = readAttacks(folder).filter(({ split }) => split === 'test');
  const kinds = kindsOf(join(folder, '..', 'pics'));
  const [strengths, attacks, encoders, subjects] = [new Tally(), new Tally(), new Tally(), new Tally()];
  for (const { id, base, kind, encoder, epsilon } of rows.slice(0, limit)) {
    const raw = await rawOf(readFileSync(join(folder, 'attacked', `${id}.png`)));
    for (const [post, store] of Object.entries(POSTS)) {
      const report = await judge(detector, await store(raw));
      strengths.add(`${post}, ${band(epsilon)}`, report);
      if (epsilon >= 6) attacks.add(`${post}, ${kind}`, report);
      if (epsilon >= 6) encoders.add(`${post}, ${encoder}`, report);
      if (epsilon >= 6 && post === 'lossless') subjects.add(kinds.get(base) ?? 'kind not given', report);
    }
  }
  strengths.print(
    `recall by way and strength, ${Math.min(limit, rows.length)} attacked pictures not trained on`,
  );
  attacks.print('recall by way and attack, eps 6 and more');
  encoders.print('recall by way and encoder, eps 6 and more');
  subjects.print('recall by kind of picture, lossless, eps 6 and more');
}

async function falseAlarms(
  detector: Detector,
  folder: string,
  attacks: string | undefined,
  limit: number,
  seed: number,
): Promise<void> {
  const kinds = kindsOf(folder);
  const files = [...kinds.keys()].filter(
    (file) => splitOf(file) === 'test' && existsSync(join(folder, file)),
  );
  const draw = chance(seed);
  const [edits, posts, subjects, all] = [new Tally(), new Tally(), new Tally(), new Tally()];
  const alarms: string[] = [];
  let judged = 0;
  const note = async (file: string, edit: string, raw: Raw): Promise<void> => {
    const names = Object.keys(POSTS);
    const post = names[Math.floor(draw() * names.length)] ?? 'lossless';
    const report = await judge(detector, await POSTS[post]!(raw));
    judged += 1;
    edits.add(edit, report);
    posts.add(post, report);
    subjects.add(kinds.get(file) ?? 'kind not given', report);
    all.add('all', report);
    if (report.outcome === 'perturbed')
      alarms.push(
        `  ${file}, ${edit}, ${post}: ${report.score.toFixed(2)} of ${report.threshold.toFixed(2)}`,
      );
  };
  for (const [edit, touch] of Object.entries(EDITS)) {
    for (const file of files) {
      if (judged >= limit) break;
      await note(file, edit, await touch(await rawOf(readFileSync(join(folder, file))), draw));
    }
  }
  const look = attacks === undefined ? '' : join(attacks, 'look');
  for (const name of existsSync(look) ? readdirSync(look) : []) {
    const file = name.replace(/\.png$/, '');
    if (splitOf(file) === 'test')
      await note(file, 'through an autoencoder', await rawOf(readFileSync(join(look, name))));
  }
  all.print('false alarms over clean and benignly edited pictures not trained on');
  edits.print('false alarms by edit');
  posts.print('false alarms by way');
  subjects.print('false alarms by kind of picture');
  for (const line of alarms.slice(0, 40)) console.log(line);
}
