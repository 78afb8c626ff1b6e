/** Two copies of a picture: a perturbation in one is found and its side named, the web's own edits are not. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ImageView } from '../../../src/domain/index.ts';
import { pairOf } from '../../../src/screen/image/pair.ts';
import { pairFeatures } from '../../../src/screen/image/pair-features.ts';
import { createDecoder } from '../../../src/view/decoder.ts';
import { BENIGN } from '../../origin/edits.ts';
import { perturb, picture, scene } from '../../origin/pictures.ts';

const decoder = createDecoder({ pixels: 4_000_000 });

const viewOf = async (bytes: Buffer, identity: ImageView['identity']): Promise<ImageView> => ({
  kind: 'image',
  identity,
  status: 200,
  mediaType: 'image/*',
  sha256: '',
  evidence: 'usable',
  evidenceReason: '',
  ...(await decoder.decode(bytes, 'image/*')),
});
const jpeg = (bytes: Buffer, quality: number): Promise<Buffer> => sharp(bytes).jpeg({ quality }).toBuffer();
const residual = async (crawler: Buffer, reference: Buffer) =>
  pairOf(await viewOf(crawler, 'crawler@direct'), await viewOf(reference, 'plain@direct')).finding;

const clean = await picture(2, 320);
const altered = await perturb(clean, 16 / 255, 2);

describe('pair residual', () => {
  it('finds the perturbation in the copy of the crawler', async () => {
    const [finding] = await residual(altered, clean);
    expect(finding).toMatchObject({ kind: 'image.pair-residual', severity: 'high' });
    expect(finding?.summary).toMatch(
      /^The copy that crawler@direct received carries a perturbation that the copy of plain@direct lacks: [\d.]+ grey levels/,
    );
  });

  it('finds it after both were compressed', async () => {
    expect((await residual(await jpeg(altered, 85), await jpeg(clean, 90)))[0]?.severity).toBe('high');
  });

  it('says so where the altered copy is the reference', async () => {
    const [finding] = await residual(await jpeg(clean, 85), await jpeg(altered, 85));
    expect(finding).toMatchObject({ severity: 'medium', evidence: { altered: 'plain@direct' } });
    expect(finding?.score).toBeLessThanOrEqual(0.5);
  });

  it.each(Object.entries(BENIGN))('%s: nothing', async (_name, edit) => {
    expect(await residual(await edit(clean), await jpeg(clean, 88))).toEqual([]);
  });

  it('says nothing of another picture, of a tiny one, of a flat one', async () => {
    expect(await residual(await picture(9, 320), clean)).toEqual([]);
    expect(await residual(await picture(9, 40), await jpeg(await picture(9, 40), 50))).toEqual([]);
    const flat = await sharp({ create: { width: 200, height: 200, channels: 3, background: '#70a0c0' } })
      .png()
      .toBuffer();
    expect(await residual(await jpeg(flat, 60), flat)).toEqual([]);
  });

  it('has numbers that turn with the order of the copies', () => {
    const first = { width: 128, height: 128, pixels: scene(4, 128, 128) };
    const second = { ...first, pixels: first.pixels.map((value, i) => Math.min(255, value + (i % 7))) };
    const one = pairFeatures(first, second);
    const other = pairFeatures(second, first);
    expect([...(one?.sides ?? [])]).toEqual(
      [...(other?.sides ?? [])].map((value) => (value === 0 ? 0 : -value)),
    );
    expect(one?.altered).not.toBe(other?.altered);
  });
});
