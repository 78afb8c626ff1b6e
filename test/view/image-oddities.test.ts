/** Irregular files are named for what they are, sound ones pass. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { outlineOf } from '../../src/view/image-container.ts';
import { odditiesOf } from '../../src/view/image-oddities.ts';
import { picture } from '../origin/pictures.ts';

const source = await picture(3, 48);
const files = {
  jpeg: await sharp(source).jpeg().toBuffer(),
  png: source,
  gif: await sharp(source).gif().toBuffer(),
  webp: await sharp(source).webp().toBuffer(),
  avif: await sharp(source).avif({ effort: 1 }).toBuffer(),
};
const classes = (bytes: Uint8Array, mediaType: string): string[] =>
  odditiesOf(bytes, mediaType, outlineOf(bytes)).map((text) => text.split(':')[0] ?? '');

/** A ZIP archive of one empty file. */
const zip = Buffer.from(
  '504b0304140000000000000021000000000000000000000000000100000061504b01021400140000000000000021000000000000000000000000000100000000000000000000000000000000000061504b050600000000010001002f0000001f0000000000',
  'hex',
);

describe('irregularities', () => {
  it.each(Object.entries(files))('a sound %s has none, padded or not', (format, bytes) => {
    expect(classes(bytes, `image/${format}`)).toEqual([]);
    expect(classes(Buffer.concat([bytes, Buffer.alloc(4096)]), `image/${format}; charset=binary`)).toEqual(
      [],
    );
  });

  it.each(['jpeg', 'png', 'gif', 'webp'] as const)('a %s that ends early is cut', (format) => {
    expect(classes(files[format].subarray(0, files[format].length - 12), `image/${format}`)).toEqual([
      'cut-end',
    ]);
  });

  it.each(['jpeg', 'png', 'gif', 'webp'] as const)('bytes after a %s are trailing data', (format) => {
    const noise = Buffer.from(Array.from({ length: 200 }, (_, i) => (i * 37) % 251));
    expect(classes(Buffer.concat([files[format], noise]), `image/${format}`)).toEqual(['trailing-data']);
  });

  it('a picture that is also an archive, a document or a page is a polyglot', () => {
    expect(classes(Buffer.concat([files.jpeg, zip]), 'image/jpeg')).toContain('polyglot');
    expect(
      classes(
        Buffer.concat([files.gif, Buffer.from(`<script>${' '.repeat(90)}alert(1)</script>`)]),
        'image/gif',
      ),
    ).toContain('polyglot');
    const comment = Buffer.from('%PDF-1.7 ....', 'latin1');
    const segment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, comment.length + 2]), comment]);
    expect(
      classes(Buffer.concat([files.jpeg.subarray(0, 2), segment, files.jpeg.subarray(2)]), 'image/jpeg'),
    ).toEqual(['polyglot']);
  });

  it('what cameras append is named, not accused', () => {
    expect(classes(Buffer.concat([files.jpeg, files.jpeg]), 'image/jpeg')).toEqual(['appendix']);
  });

  it('contents of another type than declared are told apart from unknown declarations', () => {
    expect(classes(files.png, 'image/jpeg')).toEqual(['media-type']);
    expect(classes(files.png, 'application/octet-stream')).toEqual([]);
    expect(classes(files.jpeg, 'image/jpg')).toEqual([]);
  });

  it('never throws, whatever the bytes', () => {
    for (const bytes of Object.values(files)) {
      for (let cut = 0; cut < bytes.length; cut += Math.ceil(bytes.length / 200)) {
        const broken = Buffer.from(bytes);
        broken.fill(0xff, cut, Math.min(broken.length, cut + 3));
        expect(() => classes(broken, 'image/png')).not.toThrow();
        expect(() => classes(bytes.subarray(0, cut), 'image/png')).not.toThrow();
      }
    }
  });
});
