/** Picture hashes and archive digests against the tools that datasets and archives were made with. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { createDecoder } from '../../src/view/decoder.ts';
import { hammingDistance } from '../../src/view/pdq.ts';
import { type ArchiveAnswer, archivesOf, compareArchives } from './snapshots/archives.ts';

export const about =
  'hashes and digests against imagehash, pdqhash, warcio and pywb: --python PYTHON [--pictures DIR] [--warcs DIR] [--count N]';

const MEDIA: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
};
/** Bits that rounding in another decoder may turn. */
const NEAR = 2;
const FIXTURES = join(import.meta.dirname, '..', 'snapshot', 'fixtures');

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      python: { type: 'string' },
      pictures: { type: 'string' },
      warcs: { type: 'string', default: FIXTURES },
      count: { type: 'string', default: '500' },
    },
  });
  const { python, pictures, warcs } = values;
  if (python === undefined)
    throw new Error('Expected --python with a Python that has imagehash, pdqhash, warcio and pywb.');
  if (pictures !== undefined) await comparePictures(python, picturesBelow(pictures, Number(values.count)));
  const archives = archivesOf(warcs);
  const answers = await ask<ArchiveAnswer>(python, 'warcs', archives);
  const work = mkdtempSync(join(tmpdir(), 'foretaste-oracles-'));
  try {
    await compareArchives(answers, archives, (archive) => indexed(python, archive, work), print);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function ask<Answer>(python: string, kind: string, paths: readonly string[]): Promise<Answer[]> {
  const child = spawn(python, [join(import.meta.dirname, 'snapshots', 'oracles.py'), kind], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(paths.map((path) => `${path}\n`).join(''));
  const answers = await text(child.stdout);
  return answers
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Answer);
}

/** The CDXJ that pywb makes of an archive, as a file in `work`. */
async function indexed(python: string, archive: string, work: string): Promise<string> {
  const child = spawn(join(dirname(python), 'cdx-indexer'), ['-j', archive], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const path = join(work, 'index.cdxj');
  writeFileSync(path, await text(child.stdout));
  return path;
}

/** Evenly over the folder, so that every kind of picture has its share. */
function picturesBelow(dir: string, count: number): string[] {
  const all = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && MEDIA[extname(entry.name)] !== undefined)
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const step = Math.max(1, all.length / count);
  return Array.from({ length: Math.min(count, all.length) }, (_, at) => all[Math.floor(at * step)] ?? '');
}

interface PictureAnswer {
  readonly path: string;
  /** pHash of what Pillow opens: transparency dropped, not turned upright. */
  readonly asOpened: string;
  /** Of the picture upright and over white, as the guard decodes it. */
  readonly phash: string;
  readonly pdq: string;
  readonly quality: number;
  /** The longer one, pixels. */
  readonly side: number;
}

/** Larger pictures are hashed at this size here. */
const HASHED_SIDE = 512;

async function comparePictures(python: string, paths: readonly string[]): Promise<void> {
  const decoder = createDecoder({ pixels: 100_000_000 });
  const rows = new Map<string, number[]>();
  const add = (row: string, distance: number): void => {
    rows.set(row, [...(rows.get(row) ?? []), distance]);
  };
  for (const answer of await ask<PictureAnswer>(python, 'pictures', paths)) {
    const view = await decoder.decode(readFileSync(answer.path), MEDIA[extname(answer.path)] ?? '');
    const size = answer.side > HASHED_SIDE ? 'over 512' : 'up to 512';
    const phash = hammingDistance(view.phash, answer.phash);
    add(`pHash against imagehash, ${size} pixels`, phash);
    add('pHash against imagehash as Pillow opens it', hammingDistance(view.phash, answer.asOpened));
    add(`PDQ against pdqhash, ${size} pixels`, hammingDistance(view.pdq, answer.pdq));
    add('PDQ quality against pdqhash', Math.abs(view.pdqQuality - answer.quality));
    if (phash > NEAR) print(`apart: ${answer.path}`, `pHash ${phash} bits`);
  }
  for (const [row, distances] of [...rows].sort(([a], [b]) => a.localeCompare(b))) {
    const within = (limit: number): number => distances.filter((distance) => distance <= limit).length;
    print(
      row,
      `${distances.length} pictures: equal ${within(0)}, within 2 ${within(2)}, within 10 ${within(10)}, within 31 ${within(31)}, most ${Math.max(...distances)}`,
    );
  }
}

const print = (name: string, value: string): void => {
  process.stdout.write(`${name.padEnd(44)} ${value}\n`);
};
