/** Residuals of pairs: detection by attack, strength and path, and false alarms over benign pairs, on pictures not trained on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgePair, PAIR_THRESHOLD } from '../../../src/screen/image/pair.ts';
import { createDecoder } from '../../../src/view/decoder.ts';
import { chance, perturb, picture } from '../../origin/pictures.ts';
import { readAttacks } from '../../train/image/pairs.ts';
import { drawPath, jpegPath, type Path, resizePath } from '../../train/image/paths.ts';
import { rate } from './rates.ts';

interface Pair {
  readonly kind: string;
  readonly encoder: string;
  readonly epsilon: number;
  readonly clean: Buffer;
  readonly attacked: Buffer;
}

const PLAIN: Path = { name: 'png', apply: async (source) => source };
/** Paths of the altered copy and of the other one. */
const CONDITIONS: ReadonlyArray<readonly [string, Path, Path]> = [
  ['lossless both', PLAIN, PLAIN],
  ['JPEG 95 both', jpegPath(95), jpegPath(95)],
  ['JPEG 85 both', jpegPath(85), jpegPath(85)],
  ['JPEG 75 both', jpegPath(75), jpegPath(75)],
  ['altered 0.75, JPEG 85', resizePath(0.75, 85), jpegPath(85)],
  ['other 0.75, JPEG 85', jpegPath(85), resizePath(0.75, 85)],
];

async function load(folder: string | undefined): Promise<Pair[]> {
  if (folder) {
    return readAttacks(folder)
      .filter((row) => row.split === 'test')
      .map((row) => ({
        ...row,
        clean: readFileSync(join(folder, 'clean', `${row.id}.png`)),
        attacked: readFileSync(join(folder, 'attacked', `${row.id}.png`)),
      }));
  }
  return Promise.all(
    [4, 8, 16].flatMap((epsilon) =>
      [1, 2, 3, 4].map(async (seed) => {
        const clean = await picture(seed, 256);
        return {
          kind: 'stand-in',
          encoder: 'none',
          epsilon,
          clean,
          attacked: await perturb(clean, epsilon / 255, seed),
        };
      }),
    ),
  );
}

export async function runPairs(folder: string | undefined, draws: number): Promise<void> {
  const pairs = await load(folder);
  const decoder = createDecoder({ pixels: 50_000_000 });
  const judge = async (one: Buffer, first: Path, other: Buffer, second: Path) =>
    judgePair(
      await decoder.decode(await first.apply(one), ''),
      await decoder.decode(await second.apply(other), ''),
    );
  const cells = new Map<string, { n: number; hits: number; named: number; right: number }>();
  const note = (name: string, hit: boolean, right: boolean): void => {
    const cell = cells.get(name) ?? { n: 0, hits: 0, named: 0, right: 0 };
    cell.n += 1;
    if (hit) {
      cell.hits += 1;
      cell.named += 1;
      if (right) cell.right += 1;
    }
    cells.set(name, cell);
  };
  for (const pair of pairs) {
    for (const [name, first, second] of CONDITIONS) {
      const verdict = await judge(pair.attacked, first, pair.clean, second);
      const hit = verdict !== undefined && verdict.logOdds >= PAIR_THRESHOLD;
      const right = verdict?.altered === 'first';
      const strong = pair.epsilon >= 4;
      note(`${name}, eps ${strong ? '>= 4' : '< 4'}`, hit, right);
      if (name !== 'JPEG 85 both') continue;
      note(`${name}, eps ${pair.epsilon}`, hit, right);
      if (strong) note(`${name}, ${pair.kind}`, hit, right);
      if (strong) note(`${name}, ${pair.encoder}`, hit, right);
    }
  }
  console.log(
    `\npairs: detection at log odds ${PAIR_THRESHOLD}, ${pairs.length} attacked pictures not trained on`,
  );
  for (const [name, cell] of [...cells].sort(([a], [b]) => a.localeCompare(b))) {
    console.log(
      `  ${name.padEnd(36)} ${rate(cell.hits, cell.n).padEnd(48)} side right ${rate(cell.right, cell.named)}`,
    );
  }
  const draw = chance(77);
  const alarms: string[] = [];
  let benign = 0;
  for (const [k, pair] of pairs.entries()) {
    for (let i = 0; i < draws; i += 1) {
      const [first, second] = [drawPath(draw), drawPath(draw)];
      const verdict = await judge(pair.clean, first, pair.clean, second);
      benign += 1;
      if (verdict !== undefined && verdict.logOdds >= PAIR_THRESHOLD) {
        alarms.push(`  ${k} ${first.name} | ${second.name}: ${verdict?.logOdds.toFixed(2)}`);
      }
    }
  }
  console.log(`false alarms over benign pairs with random paths: ${rate(alarms.length, benign)}`);
  for (const line of alarms) console.log(line);
}
