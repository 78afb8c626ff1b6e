/** The same picture is recognised in every form the web gives it, another one in none. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { compareImages } from '../../src/compare/image.ts';
import type { ImageView } from '../../src/domain/index.ts';
import { createDecoder } from '../../src/view/decoder.ts';
import { BENIGN, type Edit } from '../origin/edits.ts';
import { perturb, picture } from '../origin/pictures.ts';

const decoder = createDecoder({ pixels: 4_000_000 });

const viewOf = async (bytes: Buffer): Promise<ImageView> => ({
  kind: 'image',
  identity: 'crawler@direct',
  status: 200,
  mediaType: 'image/*',
  sha256: '',
  evidence: 'usable',
  evidenceReason: '',
  ...(await decoder.decode(bytes, 'image/*')),
});
const source = await picture(11, 300, 220);
const reference = await viewOf(source);
const relationOf = async (bytes: Buffer) => compareImages(await viewOf(bytes), reference).relation;

const flat = (colour: string): Promise<Buffer> =>
  sharp({ create: { width: 120, height: 90, channels: 3, background: colour } })
    .png()
    .toBuffer();

describe('two pictures', () => {
  it.each(Object.entries(BENIGN))('%s: the same picture', async (name, edit) => {
    const relation = await relationOf(await (edit as Edit)(source));
    expect(relation).toBe(name === 'same' || name === 'exif stripped' ? 'same-pixels' : 'similar');
  });

  it('a tenth cut off one side: the same picture', async () => {
    expect(
      await relationOf(
        await sharp(source).extract({ left: 30, top: 0, width: 270, height: 220 }).jpeg().toBuffer(),
      ),
    ).toBe('similar');
  });

  it('cut to a square thumbnail: the same picture', async () => {
    expect(await relationOf(await sharp(source).resize(128, 128, { fit: 'cover' }).webp().toBuffer())).toBe(
      'similar',
    );
  });

  it('a perturbation of 8/255 stays the same picture: the residual is for the screen', async () => {
    expect(await relationOf(await perturb(source, 8 / 255, 1))).toBe('similar');
  });

  it.each([12, 13, 14, 15, 16, 17])('scene %d: another picture', async (seed) => {
    expect(await relationOf(await picture(seed, 300, 220))).toBe('different');
  });

  it('mirrored: another picture', async () => {
    expect(await relationOf(await sharp(source).flop().png().toBuffer())).toBe('different');
  });

  it('a part replaced: another picture', async () => {
    const part = await sharp(await picture(20, 60)).toBuffer();
    expect(
      await relationOf(
        await sharp(source)
          .composite([{ input: part, left: 100, top: 70 }])
          .png()
          .toBuffer(),
      ),
    ).toBe('different');
  });

  it('flat pictures are their colour', async () => {
    const grey = await viewOf(await flat('#808080'));
    expect(compareImages(await viewOf(await flat('#858585')), grey).relation).toBe('similar');
    expect(compareImages(await viewOf(await flat('#b08080')), grey).relation).toBe('different');
    expect(
      compareImages(
        await viewOf(
          await sharp(await flat('#808080'))
            .resize(60, 45)
            .jpeg()
            .toBuffer(),
        ),
        grey,
      ).relation,
    ).not.toBe('different');
  });

  it('says why, with numbers', async () => {
    const other = compareImages(await viewOf(await picture(12, 300, 220)), reference);
    expect(other.summary).toMatch(
      /^Another picture: .* \(png 300 x 220, png 300 x 220, PDQ distance \d+ of 256, mean difference [\d.]+ %\)\.$/,
    );
    expect(other.pdqDistance).toBeGreaterThan(31);
  });
});
