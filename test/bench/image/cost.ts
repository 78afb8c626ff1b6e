/** What pictures cost: decode and hashes against sharp's bare decode, comparison, residual; medians over repeats. */
import sharp from 'sharp';
import { compareImages } from '../../../src/compare/image.ts';
import type { ImageView } from '../../../src/domain/index.ts';
import { judgePair } from '../../../src/screen/image/pair.ts';
import { createDecoder } from '../../../src/view/decoder.ts';
import { measure } from '../../../src/view/image-measure.ts';
import { perturb, picture } from '../../origin/pictures.ts';

const REPEATS = 15;

async function median(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < REPEATS + 3; i += 1) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return times.slice(3).sort((a, b) => a - b)[Math.floor(REPEATS / 2)] ?? 0;
}

export async function runCost(): Promise<void> {
  const decoder = createDecoder({ pixels: 50_000_000 });
  console.log('\ncost in milliseconds, median');
  console.log('side   sharp decode   decode + hashes   hashes alone   compare   residual');
  for (const side of [128, 256, 512, 1024]) {
    const clean = await picture(4, side);
    const bytes = await sharp(clean).jpeg({ quality: 85 }).toBuffer();
    const altered = await sharp(await perturb(clean, 8 / 255, 1))
      .jpeg({ quality: 85 })
      .toBuffer();
    const base = {
      kind: 'image',
      identity: 'crawler@direct',
      status: 200,
      mediaType: '',
      sha256: '',
      evidence: 'usable',
      evidenceReason: '',
    } as const;
    const one: ImageView = { ...base, ...(await decoder.decode(bytes, '')) };
    const other: ImageView = { ...base, ...(await decoder.decode(altered, '')) };
    const columns = [
      await median(() => sharp(bytes).raw().toBuffer()),
      await median(() => decoder.decode(bytes, '')),
      await median(() => measure(one)),
      await median(() => compareImages({ ...other }, { ...one })),
      await median(() => judgePair(other, one)),
    ];
    console.log(`${String(side).padStart(4)}   ${columns.map((ms) => ms.toFixed(1).padStart(12)).join(' ')}`);
  }
  const memory = process.memoryUsage();
  console.log(
    `resident ${(memory.rss / 2 ** 20).toFixed(0)} MiB, heap ${(memory.heapUsed / 2 ** 20).toFixed(0)} MiB`,
  );
}
