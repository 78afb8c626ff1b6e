/** What a JPEG says of itself: where it ends, its quality and chroma sampling. Reads markers, decodes nothing. */

export interface JpegOutline {
  /** Offset after the end-of-image marker; undefined where the file stops before it. */
  readonly end: number | undefined;
  /** On libjpeg's scale, 1 to 100; undefined without a table. */
  readonly quality: number | undefined;
  /** `4:4:4`, `4:2:2`, `4:2:0`, `4:4:0`, `4:1:1`; undefined for grey pictures and other samplings. */
  readonly chroma: string | undefined;
}

/** ITU-T T.81 annex K.1 luminance table: its sum at quality 50. */
const STANDARD_SUM = 3688;
/** Sampling factors of the luma component, chroma 1x1. */
const SAMPLINGS: Readonly<Record<number, string>> = {
  17: '4:4:4',
  33: '4:2:2',
  34: '4:2:0',
  18: '4:4:0',
  65: '4:1:1',
};

/** Quality whose scaled standard table has the sum of this one. libjpeg: scale 200 - 2q from 50 up, 5000/q below. */
const qualityOf = (sum: number): number => {
  const scale = (100 * sum) / STANDARD_SUM;
  const quality = scale <= 100 ? (200 - scale) / 2 : 5000 / scale;
  return Math.max(1, Math.min(100, Math.round(quality)));
};

/** Sum of the first table of a DQT segment where it is table 0, the luminance one. */
function luminanceSum(segment: Uint8Array): number | undefined {
  const [head = 0xff] = segment;
  if ((head & 0x0f) !== 0) return undefined;
  const wide = head >> 4 === 1;
  if (segment.length < 1 + (wide ? 128 : 64)) return undefined;
  let sum = 0;
  for (let i = 0; i < 64; i += 1) {
    sum += wide ? segment[1 + 2 * i]! * 256 + segment[2 + 2 * i]! : segment[1 + i]!;
  }
  return sum;
}

/** Offset of the next marker in entropy-coded data: 0xFF that is neither stuffed nor a restart. */
function skipScan(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) return bytes.length;
    const code = bytes[at + 1]!;
    if (code !== 0 && code !== 0xff && (code < 0xd0 || code > 0xd7)) return at;
    at += code === 0xff ? 1 : 2;
  }
}

/** Walks the markers of a file that begins with SOI. Never throws, whatever the bytes. */
export function outlineJpeg(bytes: Uint8Array): JpegOutline {
  let quality: number | undefined;
  let chroma: string | undefined;
  let at = 2;
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0xff) {
      // Garbage between segments: decoders skip to the next marker, and so does this.
      at = skipScan(bytes, at);
      continue;
    }
    const code = bytes[at + 1]!;
    if (code === 0xd9) return { end: at + 2, quality, chroma };
    if (code === 0xff) at += 1;
    else if (code === 0x01 || code === 0x00 || (code >= 0xd0 && code <= 0xd8)) at += 2;
    else {
      const length = (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0);
      const segment = bytes.subarray(at + 4, at + 2 + length);
      if (code === 0xdb && quality === undefined) {
        const sum = luminanceSum(segment);
        if (sum !== undefined) quality = qualityOf(sum);
      }
      if (code >= 0xc0 && code <= 0xc2) chroma = segment[5] === 3 ? SAMPLINGS[segment[7] ?? 0] : undefined;
      at += 2 + Math.max(2, length);
      if (code === 0xda) at = skipScan(bytes, at);
    }
  }
  return { end: undefined, quality, chroma };
}
