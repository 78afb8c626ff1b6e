/** What pictures cost in processor time: each step, and screening as a whole against sharp's bare decode. */
import { resolve } from 'node:path';
import sharp from 'sharp';
import { compareImages } from '../../../src/compare/image.ts';
import type { ImageView } from '../../../src/domain/index.ts';
import { loadRules } from '../../../src/rules/load.ts';
import { loadDetector } from '../../../src/screen/image/load.ts';
import { judgePair } from '../../../src/screen/image/pair.ts';
import { singleFeatures } from '../../../src/screen/image/single-features.ts';
import { tilesOf } from '../../../src/screen/image/tiles.ts';
import { createExaminer } from '../../../src/screen/in-place.ts';
import { createPool, threadsFor } from '../../../src/screen/pool.ts';
import { createDecoder } from '../../../src/view/decoder.ts';
import { measure } from '../../../src/view/image-measure.ts';
import { perturb, picture } from '../../origin/pictures.ts';

const REPEATS = 40;
const NAMES = ['sharp decode', 'decode', 'hashes', 'features', 'screening', 'compare', 'residual'] as const;

/** Median processor milliseconds of each, taken in turn, so that a busy machine is busy for all. */
async function medians(works: ReadonlyArray<() => unknown>): Promise<number[]> {
  const times = works.map((): number[] => []);
  for (let i = 0; i < REPEATS + 3; i += 1) {
    for (const [at, work] of works.entries()) {
      const before = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(before);
      if (i >= 3) times[at]?.push((user + system) / 1000);
    }
  }
  return times.map((list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0);
}

export async function runCost(): Promise<void> {
  const decoder = createDecoder({ pixels: 50_000_000 });
  const rules = loadRules(resolve(import.meta.dirname, '../../../rules'));
  const examiner = createExaminer({ rules, detector: loadDetector });
  const which = { image: true, text: true, code: true };
  const backend = await loadDetector().then(
    (detector) => `${detector.model} on ${detector.backend}`,
    () => 'no weights: screening without the model of single pictures',
  );
  console.log(`\ncost of a JPEG 85 in milliseconds of processor time, medians of ${REPEATS}; ${backend}`);
  console.log(`side ${NAMES.map((name) => name.padStart(13)).join('')}   of sharp   a second and core`);
  for (const side of [128, 256, 512, 1024]) {
    const clean = await picture(4, side);
    const bytes = await sharp(clean).jpeg({ quality: 85 }).toBuffer();
    const altered = await sharp(await perturb(clean, 8 / 255, 1))
      .jpeg({ quality: 85 })
      .toBuffer();
    const viewOf = async (content: Buffer): Promise<ImageView> => ({
      kind: 'image',
      identity: 'crawler@direct',
      status: 200,
      mediaType: 'image/jpeg',
      sha256: '',
      evidence: 'usable',
      evidenceReason: '',
      ...(await decoder.decode(content, 'image/jpeg')),
    });
    const one = await viewOf(bytes);
    const other = await viewOf(altered);
    const columns = await medians([
      () => sharp(bytes).raw().toBuffer(),
      () => decoder.decode(bytes, 'image/jpeg'),
      () => measure(one),
      () => singleFeatures(tilesOf(one).rgb, one),
      async () => examiner.examine(await viewOf(bytes), [], which),
      () => compareImages({ ...other }, { ...one }),
      () => judgePair(other, one),
    ]);
    const [bare = 1, , , , screening = 1] = columns;
    console.log(
      `${String(side).padStart(4)} ${columns.map((ms) => ms.toFixed(1).padStart(13)).join('')}   ${(screening / bare).toFixed(1).padStart(8)}   ${(1000 / screening).toFixed(0).padStart(17)}`,
    );
  }
  console.log('decode includes hashes, screening includes decode; compare and residual are for pairs only');
  await memoryOfThreads(rules);
}

/** Resident memory before any thread, with one that has judged large pictures, per thread. */
async function memoryOfThreads(rules: ReturnType<typeof loadRules>): Promise<void> {
  const pool = createPool({ limits: { pixels: 50_000_000 }, rules, processes: 1 });
  const bytes = await sharp(await picture(4, 1024))
    .jpeg({ quality: 85 })
    .toBuffer();
  const resident = (): number => process.memoryUsage().rss / 2 ** 20;
  const before = resident();
  let most = before;
  for (let i = 0; i < 30; i += 1) {
    const decoded = await pool.decoder.decode(bytes, 'image/jpeg');
    const view = {
      kind: 'image',
      identity: 'crawler@direct',
      status: 200,
      mediaType: '',
      sha256: '',
      evidence: 'usable',
      evidenceReason: '',
      ...decoded,
    } as const;
    await pool.examiner.examine(view, [], { image: true, text: true, code: true });
    most = Math.max(most, resident());
  }
  console.log(
    `resident ${before.toFixed(0)} MiB without threads, at most ${most.toFixed(0)} MiB while ${threadsFor(1)} of them judged 30 pictures of 1024 pixels`,
  );
  await pool.close();
}
