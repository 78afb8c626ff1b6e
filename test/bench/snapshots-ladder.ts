/** The hash ladder on pictures: what benign drift, other pictures and perturbed ones come out as. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ImageDecoder, SnapshotStatus } from '../../src/domain/index.ts';
import { matchRecords } from '../../src/snapshot/ladder.ts';
import { createDecoder } from '../../src/view/decoder.ts';
import { picture } from '../origin/pictures.ts';
import { rate } from './image/rates.ts';
import { BENIGN, withExif } from './snapshots-ladder/changes.ts';
import { type Looked, lookAt, RECORDS, type RecordKind, recordOf } from './snapshots-ladder/look.ts';
import { graphics, halves, mirrored } from './snapshots-ladder/others.ts';

export const about =
  'the hash ladder on pictures, status by kind of change: --pictures DIR [--count N] [--without PART of names] [--attacks DIR with clean/ and attacked/]';

/** Flat graphics of a family; all are held against all others of it. */
const FAMILY = 40;
const SHOWN = 12;
/** Photograph-like pictures made here, beside those of the folder. */
const SCENES = 120;
const SCENE_SIDE = 320;

type Picture = readonly [name: string, read: () => Buffer];

const statusOf = (recorded: Looked, served: Looked, kind: RecordKind): SnapshotStatus =>
  matchRecords([recordOf(recorded, kind)], served.capture, served.view).match.status;

/** Rows of the table: how often each status came, by what the record holds. */
class Table {
  readonly #rows = new Map<string, Map<string, number>>();
  readonly #odd = new Map<string, string[]>();

  add(row: string, recorded: Looked, served: Looked, expected: 'alike' | 'other'): void {
    for (const kind of RECORDS) {
      const status = statusOf(recorded, served, kind);
      const counts = this.#rows.get(row) ?? new Map<string, number>();
      const key = `${kind}\n${status}`;
      this.#rows.set(row, counts.set(key, (counts.get(key) ?? 0) + 1));
      if (kind === RECORDS[0] && isAlike(status) !== (expected === 'alike'))
        this.#odd.set(row, [
          ...(this.#odd.get(row) ?? []),
          `${recorded.name} beside ${served.name}: ${status}`,
        ]);
    }
  }

  print(row: string): void {
    const counts = this.#rows.get(row);
    if (counts === undefined) return;
    process.stdout.write(`${row}\n`);
    for (const kind of RECORDS) {
      const own = [...counts].filter(([key]) => key.startsWith(`${kind}\n`));
      const total = own.reduce((sum, [, count]) => sum + count, 0);
      const alike = own.reduce(
        (sum, [key, count]) => sum + (isAlike(key.split('\n')[1] ?? '') ? count : 0),
        0,
      );
      const cells = own.map(([key, count]) => `${key.split('\n')[1]} ${count}`).join(', ');
      process.stdout.write(`  ${kind.padEnd(14)} alike ${rate(alike, total).padEnd(48)} ${cells}\n`);
    }
    for (const odd of (this.#odd.get(row) ?? []).slice(0, SHOWN)) process.stdout.write(`    bad: ${odd}\n`);
  }

  printAll(): void {
    for (const row of this.#rows.keys()) this.print(row);
  }
}

const isAlike = (status: string): boolean =>
  status === 'same' || status === 'same-pixels' || status === 'similar';

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      pictures: { type: 'string' },
      count: { type: 'string', default: '500' },
      attacks: { type: 'string' },
      without: { type: 'string' },
    },
  });
  if (values.pictures === undefined) throw new Error('Expected --pictures DIR, a folder of pictures.');
  const decoder = createDecoder({ pixels: 100_000_000 });
  const table = new Table();
  const own = await drift(
    await chosenOf(values.pictures, Number(values.count), values.without),
    decoder,
    table,
  );
  for (const recorded of own)
    for (const served of own)
      if (recorded !== served) table.add('another picture', recorded, served, 'other');
  await flat(decoder, table);
  if (values.attacks !== undefined) await perturbed(values.attacks, decoder, table);
  process.stdout.write(`${own.length} pictures\n`);
  table.printAll();
}

const pictureFiles = (folder: string): string[] =>
  readdirSync(folder).filter((name) => /\.(png|jpe?g|webp)$/i.test(name));

/** Every so manieth file. Pictures on which thresholds were set are left out: those of every fourth place, from the second on. */
async function chosenOf(folder: string, count: number, without: string | undefined): Promise<Picture[]> {
  const files = pictureFiles(folder)
    .filter((name) => without === undefined || !name.includes(without))
    .filter((_, at) => at % 4 !== 1);
  const step = Math.max(1, Math.floor(files.length / count));
  const found = files
    .filter((_, at) => at % step === 0)
    .slice(0, count)
    .map((name): Picture => [name, () => readFileSync(join(folder, name))]);
  const scenes = await Promise.all(Array.from({ length: SCENES }, (_, seed) => picture(seed, SCENE_SIDE)));
  return [...found, ...scenes.map((bytes, seed): Picture => [`scene ${seed}`, () => bytes])];
}

/** Each picture beside what honest servers make of it, its own halves and its mirror image. */
async function drift(chosen: readonly Picture[], decoder: ImageDecoder, table: Table): Promise<Looked[]> {
  const own: Looked[] = [];
  for (const [at, [name, read]] of chosen.entries()) {
    const bytes = read();
    const recorded = await lookAt(name, bytes, decoder);
    own.push(recorded);
    for (const [change, apply] of Object.entries(BENIGN)) {
      const before = change === 'EXIF stripped' ? withExif(bytes) : bytes;
      if (before === undefined) continue;
      const from = before === bytes ? recorded : await lookAt(name, before, decoder);
      table.add(change, from, await lookAt(change, await apply(bytes), decoder), 'alike');
    }
    const parts = await halves(bytes);
    if (parts !== undefined) {
      const [left, right] = await Promise.all(parts.map((part) => lookAt(name, part, decoder)));
      if (left && right) table.add('the other half of it', left, right, 'other');
    }
    table.add(
      'its mirror image',
      recorded,
      await lookAt('mirrored', await mirrored(bytes), decoder),
      'other',
    );
    if (at % 50 === 49) process.stderr.write(`${at + 1} of ${chosen.length} pictures\n`);
  }
  return own;
}

async function flat(decoder: ImageDecoder, table: Table): Promise<void> {
  for (const { name, members } of await graphics(FAMILY)) {
    const looked: Looked[] = [];
    for (const [member, bytes] of members) looked.push(await lookAt(member, bytes, decoder));
    for (const recorded of looked)
      for (const served of looked)
        if (recorded.view.pixelSha256 !== served.view.pixelSha256) table.add(name, recorded, served, 'other');
  }
}

/** Pairs of a clean picture and one altered by a protection tool, of the same name in two folders. */
async function perturbed(folder: string, decoder: ImageDecoder, table: Table): Promise<void> {
  for (const name of pictureFiles(join(folder, 'attacked'))) {
    const clean = await lookAt(name, readFileSync(join(folder, 'clean', name)), decoder);
    const attacked = await lookAt(name, readFileSync(join(folder, 'attacked', name)), decoder);
    table.add('perturbed (no status tells)', clean, attacked, 'alike');
  }
}
