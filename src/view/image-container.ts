/** Where a picture file ends, and what else the file is: trailing data, second formats, cut ends. Decodes nothing. */
import { outlineJpeg } from './image-jpeg.ts';

/** What magic bytes say; `other` where they say nothing. */
export type Container = 'jpeg' | 'png' | 'gif' | 'webp' | 'heif' | 'tiff' | 'svg' | 'other';

export interface Outline {
  readonly container: Container;
  /** Offset after the picture's last byte; undefined where the end is cut off or the format has no end mark. */
  readonly end: number | undefined;
  /** The format marks its end, and the mark is missing. */
  readonly cut: boolean;
  readonly quality?: number;
  readonly chroma?: string;
}

const ascii = (bytes: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(from, from + length));
const uint32 = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)) >>>
  0;
const uint32Little = (bytes: Uint8Array, at: number): number =>
  (((bytes[at + 3] ?? 0) << 24) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 1] ?? 0) << 8) |
    (bytes[at] ?? 0)) >>>
  0;

/** The container by its first bytes alone, whatever the server called it. */
export function containerOf(bytes: Uint8Array): Container {
  const head = ascii(bytes, 0, 12);
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'gif';
  if (head.startsWith('RIFF') && head.slice(8) === 'WEBP') return 'webp';
  if (head.slice(4, 8) === 'ftyp') return 'heif';
  if (head.startsWith('II*\0') || head.startsWith('MM\0*')) return 'tiff';
  const text = ascii(bytes, 0, 1024);
  return /^\s*(?:<\?xml|<svg|<!DOCTYPE svg|<!--)/i.test(text.replace(/^\xef\xbb\xbf/, '')) ? 'svg' : 'other';
}

/** PNG chunks up to IEND. @see W3C PNG, 5.3 */
function endOfPng(bytes: Uint8Array): number | undefined {
  let at = 8;
  while (at + 12 <= bytes.length) {
    const end = at + 12 + uint32(bytes, at);
    if (end > bytes.length) return undefined;
    if (ascii(bytes, at + 4, 4) === 'IEND') return end;
    at = end;
  }
  return undefined;
}

/** GIF blocks up to the trailer. @see GIF89a specification, appendix A */
function endOfGif(bytes: Uint8Array): number | undefined {
  const table = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let at = 13 + table(bytes[10] ?? 0);
  const skipSubBlocks = (): void => {
    while (at < bytes.length && bytes[at] !== 0) at += 1 + bytes[at]!;
    at += 1;
  };
  while (at < bytes.length) {
    const kind = bytes[at];
    if (kind === 0x3b) return at + 1;
    if (kind === 0x21) at += 2;
    else if (kind === 0x2c) at += 11 + table(bytes[at + 9] ?? 0);
    else return undefined;
    skipSubBlocks();
  }
  return undefined;
}

/** ISO base media boxes one after the other, as far as they make sense. */
function endOfBoxes(bytes: Uint8Array): { end: number | undefined; cut: boolean } {
  let at = 0;
  while (at + 8 <= bytes.length) {
    let size = uint32(bytes, at);
    if (!/^[\w ©]{4}$/.test(ascii(bytes, at + 4, 4))) return { end: at, cut: false };
    if (size === 0) return { end: bytes.length, cut: false };
    if (size === 1) size = uint32(bytes, at + 8) * 2 ** 32 + uint32(bytes, at + 12);
    if (size < 8) return { end: at, cut: false };
    if (at + size > bytes.length) return { end: undefined, cut: true };
    at += size;
  }
  return { end: at, cut: false };
}

/** Reads the outer structure. Never throws, whatever the bytes. */
export function outlineOf(bytes: Uint8Array): Outline {
  const container = containerOf(bytes);
  switch (container) {
    case 'jpeg': {
      const { end, quality, chroma } = outlineJpeg(bytes);
      return { container, end, cut: end === undefined, quality, chroma };
    }
    case 'png': {
      const end = endOfPng(bytes);
      return { container, end, cut: end === undefined };
    }
    case 'gif': {
      const end = endOfGif(bytes);
      return { container, end, cut: end === undefined };
    }
    case 'webp': {
      // RIFF chunks are padded to even sizes; the length in the header counts from byte 8.
      const size = uint32Little(bytes, 4);
      const end = 8 + size + (size & 1);
      const cut = 8 + size > bytes.length;
      return { container, end: cut ? undefined : Math.min(end, bytes.length), cut };
    }
    case 'heif':
      return { container, ...endOfBoxes(bytes) };
    case 'tiff':
    case 'svg':
    case 'other':
      return { container, end: undefined, cut: false };
    default:
      return container satisfies never;
  }
}
