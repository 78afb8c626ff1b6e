/** The decoder takes what the web has, gives comparable pixels, and never more than the limit. */
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { ForetasteError } from '../../src/domain/index.ts';
import { createDecoder } from '../../src/view/decoder.ts';
import { picture, scene } from '../origin/pictures.ts';

const decoder = createDecoder({ pixels: 1_000_000 });

const source = await picture(7, 96, 64);
const pixelsOf = async (bytes: Buffer) => [...(await decoder.decode(bytes, '')).pixels];

describe('decoder', () => {
  it.each([
    ['png', (s: Sharp) => s.png(), true],
    ['webp', (s: Sharp) => s.webp({ lossless: true }), true],
    ['webp', (s: Sharp) => s.webp({ quality: 90 }), false],
    ['jpeg', (s: Sharp) => s.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }), false],
    ['avif', (s: Sharp) => s.avif({ quality: 90, effort: 1 }), false],
    ['tiff', (s: Sharp) => s.tiff({ compression: 'deflate' }), true],
    ['gif', (s: Sharp) => s.gif(), true],
  ])('reads %s', async (format, encode, lossless) => {
    const view = await decoder.decode(await encode(sharp(source)).toBuffer(), `image/${format}`);
    expect(view).toMatchObject({ width: 96, height: 64, format, irregularities: [] });
    expect(view.encoding?.lossless).toBe(lossless);
    expect(view.pixels.length).toBe(96 * 64 * 3);
    expect(view.pdq).toMatch(/^[0-9a-f]{64}$/);
    expect(view.phash).toMatch(/^[0-9a-f]{16}$/);
  });

  it('gives the pixels of a lossless file as they are', async () => {
    expect(await pixelsOf(source)).toEqual([...scene(7, 96, 64)]);
  });

  it('draws SVG, and refuses one over a megabyte', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10" fill="red"/></svg>',
    );
    const view = await decoder.decode(svg, 'image/svg+xml');
    expect([view.width, view.height, ...view.pixels.slice(0, 3)]).toEqual([20, 10, 255, 0, 0]);
    const long = Buffer.concat([svg, Buffer.from(`<!--${'x'.repeat(1 << 20)}-->`)]);
    await expect(decoder.decode(long, 'image/svg+xml')).rejects.toThrow(/Expected an SVG of at most/);
  });

  it('turns a picture upright as EXIF says', async () => {
    const turned = await sharp(source).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer();
    expect(await decoder.decode(turned, 'image/jpeg')).toMatchObject({ width: 64, height: 96 });
  });

  it('brings 16 bit, grey, palette and CMYK to 8-bit sRGB', async () => {
    const plain = await decoder.decode(source, 'image/png');
    const deep = await decoder.decode(
      await sharp(source).toColourspace('rgb16').png().toBuffer(),
      'image/png',
    );
    expect(deep.pixelSha256).toBe(plain.pixelSha256);
    const grey = await decoder.decode(await sharp(source).greyscale().png().toBuffer(), 'image/png');
    expect(grey.pixels[0]).toBe(grey.pixels[2]);
    const palette = await decoder.decode(await sharp(source).png({ palette: true }).toBuffer(), 'image/png');
    expect(palette.pixels.length).toBe(plain.pixels.length);
    const cmyk = await decoder.decode(
      await sharp(source).toColourspace('cmyk').jpeg().toBuffer(),
      'image/jpeg',
    );
    expect(cmyk.pixels.length).toBe(plain.pixels.length);
  });

  it('lays transparency over white', async () => {
    const clear = await sharp({
      create: { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer();
    expect(new Set(await pixelsOf(clear))).toEqual(new Set([255]));
  });

  it('takes the first frame of an animation and counts the rest', async () => {
    const frames = await Promise.all([1, 2, 3].map((seed) => picture(seed, 32)));
    const animation = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    const view = await decoder.decode(animation, 'image/gif');
    expect(view).toMatchObject({ width: 32, height: 32, encoding: { frames: 3 } });
  });

  it('decodes later frames in a sample, and names the one that shows something else', async () => {
    const usual = await picture(1, 32);
    // No two are equal, as encoders would join those.
    const frames = Array.from({ length: 20 }, (_, i) =>
      i === 8 ? picture(9, 32) : sharp(usual).linear(1, i).png().toBuffer(),
    );
    const animation = await sharp(await Promise.all(frames), { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer();
    const short = await sharp((await Promise.all(frames)).slice(0, 12), { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer();
    const sampled = await decoder.decode(animation, 'image/webp');
    expect(sampled.encoding?.frames).toBe(20);
    expect(sampled.frames?.length).toBe(12);
    const all = await decoder.decode(short, 'image/webp');
    expect(all.frames?.map(({ number }) => number)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(all.frames?.filter(({ odd }) => odd).map(({ number }) => number)).toEqual([9]);
    expect([...(all.frames?.[7]?.pixels ?? [])]).toEqual([...scene(9, 32, 32)]);
    expect(all.irregularities).toEqual([
      'odd-frame: frame 9 of 12 shows something else than those around it',
    ]);
  });

  it('takes a cut between scenes for none', async () => {
    const scenes = [1, 1, 1, 9, 9, 9].map(async (seed, i) =>
      sharp(await picture(seed, 32))
        .linear(1, i)
        .png()
        .toBuffer(),
    );
    const animation = await sharp(await Promise.all(scenes), { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await decoder.decode(animation, 'image/gif')).irregularities).toEqual([]);
  });

  it('keeps an animation with its frames under the limit of one picture', async () => {
    const frames = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => picture(seed, 40)));
    const animation = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    const view = await createDecoder({ pixels: 3 * 40 * 40 }).decode(animation, 'image/gif');
    expect(view.frames?.map(({ number }) => number)).toEqual([4, 6]);
    const single = await createDecoder({ pixels: 40 * 40 }).decode(animation, 'image/gif');
    expect(single.frames).toEqual([]);
    await expect(createDecoder({ pixels: 40 * 40 - 1 }).decode(animation, 'image/gif')).rejects.toMatchObject(
      {
        code: 'too-large',
      },
    );
  });

  it('converts a colour profile to sRGB', async () => {
    const wide = await sharp(source).withIccProfile('p3').png().toBuffer();
    const view = await decoder.decode(wide, 'image/png');
    const plain = await decoder.decode(source, 'image/png');
    const mean =
      view.pixels.reduce((sum, value, i) => sum + Math.abs(value - plain.pixels[i]!), 0) / view.pixels.length;
    expect(mean).toBeLessThan(2);
  });

  it('reads quality and chroma sampling of JPEG', async () => {
    const bytes = await sharp(source).jpeg({ quality: 77, chromaSubsampling: '4:2:0' }).toBuffer();
    expect((await decoder.decode(bytes, 'image/jpeg')).encoding).toMatchObject({
      quality: 77,
      chroma: '4:2:0',
    });
  });

  it('refuses more pixels than the limit before it decodes them', async () => {
    const large = await sharp({ create: { width: 1001, height: 1000, channels: 3, background: '#888' } })
      .png()
      .toBuffer();
    const error = await decoder.decode(large, 'image/png').catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ForetasteError);
    expect(error).toMatchObject({ code: 'too-large' });
  });

  it('takes a picture of exactly the limit', async () => {
    const whole = await sharp({ create: { width: 1000, height: 1000, channels: 3, background: '#888' } })
      .png()
      .toBuffer();
    expect(await decoder.decode(whole, 'image/png')).toMatchObject({ width: 1000, height: 1000 });
  });

  it('refuses what is no picture', async () => {
    for (const bytes of [
      Buffer.from('<html>'),
      Buffer.alloc(0),
      Buffer.alloc(5000, 7),
      source.subarray(0, 20),
    ]) {
      const error = await decoder.decode(bytes, 'image/png').catch((cause: unknown) => cause);
      expect(error).toMatchObject({ name: 'ForetasteError', code: 'bad-request' });
    }
  });

  it('decodes what is left of a cut picture, and says so', async () => {
    const whole = await sharp(source).jpeg({ quality: 90 }).toBuffer();
    const view = await decoder.decode(whole.subarray(0, whole.length / 2), 'image/jpeg');
    expect(view.irregularities.map((text) => text.split(':')[0])).toEqual(['cut-end', 'damaged']);
  });

  it('gives equal pixels the same digest and other shapes another one', async () => {
    const one = await decoder.decode(
      await sharp(source).png({ compressionLevel: 0 }).toBuffer(),
      'image/png',
    );
    const other = await decoder.decode(await sharp(source).webp({ lossless: true }).toBuffer(), 'image/webp');
    expect(one.pixelSha256).toBe(other.pixelSha256);
    const flat = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 3, background: '#123' } })
        .png()
        .toBuffer();
    const wide = await decoder.decode(await flat(20, 10), 'image/png');
    const tall = await decoder.decode(await flat(10, 20), 'image/png');
    expect(wide.pixelSha256).not.toBe(tall.pixelSha256);
  });

  it('decodes many at once within its budget', async () => {
    const bytes = await picture(1, 400);
    const views = await Promise.all(Array.from({ length: 24 }, () => decoder.decode(bytes, 'image/png')));
    expect(new Set(views.map((view) => view.pixelSha256)).size).toBe(1);
  });
});
