/** What is odd about a picture file: data after its end, a second format inside, a cut end, another type than declared. */
import type { Container, Outline } from './image-container.ts';

/** Trailing bytes up to this many are padding that servers and cameras leave. */
const PADDING_BYTES = 64;
/** A ZIP's end record stands in its last 22 bytes and a comment of at most 65535. @see APPNOTE.TXT 4.3.16 */
const ZIP_TAIL_BYTES = 22 + 65_535;
/** PDF readers look for the header in the first 1024 bytes. @see ISO 32000-1 annex H, note 13 */
const PDF_HEAD_BYTES = 1024;

const MEDIA_TYPES: Readonly<Record<Container, readonly string[]>> = {
  jpeg: ['image/jpeg', 'image/jpg', 'image/pjpeg', 'image/mpo'],
  png: ['image/png', 'image/x-png', 'image/apng', 'image/vnd.mozilla.apng'],
  gif: ['image/gif'],
  webp: ['image/webp'],
  heif: [
    'image/avif',
    'image/heic',
    'image/heif',
    'image/avif-sequence',
    'image/heic-sequence',
    'image/heif-sequence',
  ],
  tiff: ['image/tiff', 'image/tif'],
  svg: ['image/svg+xml', 'image/svg'],
  other: [],
};

const latin = (bytes: Uint8Array): string => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
};

/** Position of `pattern` in `bytes`, or -1. */
function find(bytes: Uint8Array, pattern: readonly number[], from = 0): number {
  const [first = 0] = pattern;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (pattern.every((value, i) => bytes[at + i] === value)) return at;
  }
  return -1;
}

/** An end-of-central-directory record whose comment ends exactly where the file does. */
function isZip(bytes: Uint8Array): boolean {
  const tail = bytes.subarray(Math.max(0, bytes.length - ZIP_TAIL_BYTES));
  for (let at = find(tail, [0x50, 0x4b, 5, 6]); at >= 0; at = find(tail, [0x50, 0x4b, 5, 6], at + 1)) {
    if (at + 22 + tail[at + 20]! + 256 * tail[at + 21]! === tail.length) return true;
  }
  return false;
}

/** Media types without parameters, lower case. */
const essence = (mediaType: string): string => (mediaType.split(';')[0] ?? '').trim().toLowerCase();

/** What known tools append on purpose: a second JPEG (multi-picture, gain map), a video, a vendor's own block. */
function appendix(trailing: Uint8Array): string | undefined {
  const head = latin(trailing.subarray(0, 64));
  if (head.startsWith('\xff\xd8\xff')) return 'a second JPEG';
  if (head.slice(4, 8) === 'ftyp') return 'a video';
  if (/SEFT$/.test(latin(trailing.subarray(-4)))) return 'a vendor block';
  return undefined;
}

/**
 * Sentences of the form `class: detail`, in a fixed order; empty for a sound file that is what its server called it.
 * Classes: `media-type`, `cut-end`, `appendix`, `trailing-data`, `polyglot`.
 */
export function odditiesOf(bytes: Uint8Array, mediaType: string, outline: Outline): string[] {
  const found: string[] = [];
  const declared = essence(mediaType);
  if (
    outline.container !== 'other' &&
    declared.startsWith('image/') &&
    declared !== 'image/*' &&
    !MEDIA_TYPES[outline.container].includes(declared)
  ) {
    found.push(`media-type: declared ${declared}, contents are ${outline.container}`);
  }
  if (outline.cut) found.push(`cut-end: the ${outline.container} ends before its end mark`);
  const trailing = outline.end === undefined ? undefined : bytes.subarray(outline.end);
  if (trailing && trailing.length > PADDING_BYTES && trailing.some((byte) => byte !== trailing[0])) {
    const known = appendix(trailing);
    found.push(
      known
        ? `appendix: ${known} of ${trailing.length} bytes after the end of the ${outline.container}`
        : `trailing-data: ${trailing.length} bytes after the end of the ${outline.container}`,
    );
  }
  if (outline.container !== 'svg') {
    if (isZip(bytes)) found.push('polyglot: also a ZIP archive');
    if (latin(bytes.subarray(0, PDF_HEAD_BYTES)).includes('%PDF-'))
      found.push('polyglot: also a PDF document');
    if (trailing && /<(?:html|script|body|iframe|\?php)\b/i.test(latin(trailing.subarray(0, 65_536)))) {
      found.push('polyglot: markup after the end of the picture');
    }
  }
  return found;
}
