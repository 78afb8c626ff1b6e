/** PDQ and pHash agree with their originals: Meta's published vectors, pdqhash and imagehash on pictures made here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDecoder } from '../../src/view/decoder.ts';
import { measure } from '../../src/view/image-measure.ts';
import { hammingDistance } from '../../src/view/pdq.ts';
import { scene } from '../origin/pictures.ts';

interface Vector {
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly pdq: string;
  readonly quality: number;
  readonly phash: string;
}

const FIXTURES = join(import.meta.dirname, 'fixtures');
const { vectors } = JSON.parse(readFileSync(join(FIXTURES, 'image-hashes.json'), 'utf8')) as {
  vectors: Vector[];
};
/** Two of the bridge pictures, and their lines in pdq/python/README.md of facebook/ThreatExchange (BSD). */
const BRIDGES = [
  ['square-128x128.jpg', 'd8f8f1eec0f4a84f0e37022a078f63f0b36e2ed596621e1d33e6239c4e9c9b22', 100],
  ['shrink-a-lot.jpg', 'd0f8f1ccc0f4a84d0a370a3a228f67f0b36e2ed5b6623e1d33e6339c4e9c9b22', 100],
] as const;

const decoder = createDecoder({ pixels: 1_000_000 });

describe('picture hashes', () => {
  it.each(BRIDGES)("are Meta's own for %s", async (name, pdq, quality) => {
    const view = await decoder.decode(readFileSync(join(FIXTURES, name)), 'image/jpeg');
    expect([view.pdq, view.pdqQuality]).toEqual([pdq, quality]);
  });

  it.each(vectors)('are those of pdqhash and imagehash for scene $seed, $width x $height', (vector) => {
    const { seed, width, height } = vector;
    const { pdq, pdqQuality, phash } = measure({ width, height, pixels: scene(seed, width, height) });
    expect([pdq, pdqQuality, phash]).toEqual([vector.pdq, vector.quality, vector.phash]);
  });

  it('of a large picture are those of the picture at 512, within ten bits', () => {
    const [width, height] = [1024, 768];
    const pixels = scene(5, width, height);
    const half = new Uint8Array((width / 2) * (height / 2) * 3);
    for (let i = 0; i < half.length; i += 1) {
      const [c, x, y] = [i % 3, Math.floor(i / 3) % (width / 2), Math.floor(i / 3 / (width / 2))];
      const at = (dx: number, dy: number) => pixels[((2 * y + dy) * width + 2 * x + dx) * 3 + c] ?? 0;
      half[i] = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4;
    }
    const large = measure({ width, height, pixels });
    const small = measure({ width: width / 2, height: height / 2, pixels: half });
    expect(hammingDistance(large.pdq, small.pdq)).toBeLessThanOrEqual(10);
    expect(hammingDistance(large.phash, small.phash)).toBeLessThanOrEqual(4);
  });

  it('of a picture under five pixels a side are empty, with quality 0', () => {
    expect(measure({ width: 4, height: 40, pixels: new Uint8Array(480) })).toMatchObject({
      pdq: '0'.repeat(64),
      pdqQuality: 0,
    });
  });

  it('differ by the number of bits that differ', () => {
    expect(hammingDistance('ff00', 'ff01')).toBe(1);
    expect(hammingDistance('ffff', '0000')).toBe(16);
    expect(hammingDistance('', '0f')).toBe(8);
  });
});
