/** What honest servers do to a picture over the years. */
import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

type Change = (bytes: Buffer) => Promise<Buffer> | Buffer;

/** Upright, transparency laid over white: as the decoder does it, and whoever drops metadata with care. */
const opened = (bytes: Buffer): Sharp => sharp(bytes).autoOrient().flatten({ background: 'white' });

const jpeg =
  (quality: number): Change =>
  (bytes) =>
    opened(bytes).jpeg({ quality }).toBuffer();

const scaled =
  (factor: number): Change =>
  async (bytes) => {
    const { width } = (await sharp(bytes).metadata()).autoOrient;
    return opened(bytes)
      .resize(Math.max(1, Math.round(width * factor)))
      .jpeg({ quality: 90 })
      .toBuffer();
  };

/** So much is cut from each side. */
const cropped =
  (share: number): Change =>
  async (bytes) => {
    const { width, height } = (await sharp(bytes).metadata()).autoOrient;
    const [left, top] = [Math.round(width * share), Math.round(height * share)];
    return opened(bytes)
      .extract({ left, top, width: Math.max(1, width - 2 * left), height: Math.max(1, height - 2 * top) })
      .jpeg({ quality: 90 })
      .toBuffer();
  };

export const BENIGN: Readonly<Record<string, Change>> = {
  'exact re-serve': (bytes) => bytes,
  'EXIF stripped': (bytes) => bytes,
  'PNG instead': (bytes) => opened(bytes).png().toBuffer(),
  'JPEG q95': jpeg(95),
  'JPEG q85': jpeg(85),
  'JPEG q75': jpeg(75),
  'WebP q80': (bytes) => opened(bytes).webp({ quality: 80 }).toBuffer(),
  'AVIF q60': (bytes) => opened(bytes).avif({ quality: 60, effort: 1 }).toBuffer(),
  'resized to 0.75': scaled(0.75),
  'resized to 0.5': scaled(0.5),
  'cropped by 2 %': cropped(0.01),
  'colours shifted': (bytes) =>
    opened(bytes).modulate({ brightness: 1.08, saturation: 0.9, hue: 8 }).jpeg({ quality: 90 }).toBuffer(),
};

/** Exif with nothing but an orientation that is upright: one entry in one directory, little-endian. @see Exif 2.32, 4.6.2 */
const EXIF = Buffer.from('49492a00080000000100120103000100000001000000' + '00000000', 'hex');

/** The same file as it was recorded: with Exif in it. Undefined for a format in which this bench puts none. */
export function withExif(bytes: Buffer): Buffer | undefined {
  if (bytes.readUInt16BE(0) === 0xffd8) {
    const content = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), EXIF]);
    const head = Buffer.from([0xff, 0xe1, 0, 0]);
    head.writeUInt16BE(content.length + 2, 2);
    return Buffer.concat([bytes.subarray(0, 2), head, content, bytes.subarray(2)]);
  }
  if (bytes.toString('latin1', 1, 4) !== 'PNG') return undefined;
  // After the signature and IHDR, which have 8 and 25 octets. @see PNG, third edition, 11.3.5.6 eXIf
  const named = Buffer.concat([Buffer.from('eXIf', 'latin1'), EXIF]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(EXIF.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([bytes.subarray(0, 33), length, named, check, bytes.subarray(33)]);
}
