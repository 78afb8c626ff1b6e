/** Whether a picture is the one whose perceptual hashes were recorded: by PDQ, by pHash, and by how much there is to hash. */
import type { ImageView, Ratio, RecordedHash } from '../domain/index.ts';
import { hamming } from './distance.ts';

/**
 * Bits that may differ. Unrelated pictures differ in half of them. The bounds for `busy` pictures and for both hashes together were
 * set on 140 pictures and 17,700 pairs of hard substitutions; `npm run bench -- snapshots-ladder` measures them on others.
 */
export const NEAR = {
  /** Of 256. ThreatExchange's own bound is 31 (pdq/README); crops and thumbnails of busy pictures go over it. */
  pdq: { even: 31, busy: 50 },
  /** Of 64. 10 is usual for near duplicates; logos, charts and pages of text of one style are that near to one another. */
  phash: { even: 2, busy: 10 },
  /** Where PDQ is past its bound, but not past this, a near pHash decides. */
  both: 60,
} as const;

/** PDQ's own measure of how much structure there is; below, it means little alone. @see ThreatExchange, pdq/README */
export const PDQ_QUALITY = 50;
/** Share of one colour from which a picture is a drawing on a ground, and its hash mostly that of the ground. */
const EVEN: Ratio = 0.4;
/** Nothing but a ground: every such picture has the same hash. */
const BLANK: Ratio = 0.98;

export interface PictureMatch {
  readonly near: boolean;
  readonly distance: Ratio;
  /** What was compared, for a reader. */
  readonly by: string;
}

/** Undefined where nothing was recorded that could tell this picture from others. */
export function matchPicture(recorded: readonly RecordedHash[], image: ImageView): PictureMatch | undefined {
  const ground = groundOf(image);
  if (ground >= BLANK) return undefined;
  const kind = ground >= EVEN ? 'even' : 'busy';
  const pdq = nearest(recorded, 'pdq', image.pdq);
  const phash = nearest(recorded, 'phash', image.phash);
  const telling = image.pdqQuality >= PDQ_QUALITY;
  const byPdq = (near: boolean, bits: number): PictureMatch => ({
    near,
    distance: bits / 256,
    by: `PDQ, ${bits} of 256 bits`,
  });
  const alike = phash !== undefined && phash <= NEAR.phash[kind];
  if (pdq !== undefined && telling) {
    if (pdq <= NEAR.pdq[kind] || (pdq <= NEAR.both && alike)) return byPdq(true, pdq);
    return byPdq(false, pdq);
  }
  if (phash === undefined) return undefined;
  if (alike && (pdq === undefined || pdq <= NEAR.pdq.even))
    return { near: true, distance: phash / 64, by: `pHash, ${phash} of 64 bits` };
  // Between the bounds a drawing may be the recorded one or its neighbour.
  return phash <= NEAR.phash.busy
    ? undefined
    : { near: false, distance: phash / 64, by: `pHash, ${phash} of 64 bits` };
}

const nearest = (
  recorded: readonly RecordedHash[],
  wanted: RecordedHash['alg'],
  own: string,
): number | undefined => {
  const distances = recorded.filter(({ alg }) => alg === wanted).map(({ value }) => hamming(value, own));
  return distances.length === 0 ? undefined : Math.min(...distances);
};

/** Pixels that are looked at. */
const SAMPLES = 16_384;

/** A picture is held against several records. */
const grounds = new WeakMap<ImageView, Ratio>();

/** Share of the most common colour, in steps of 16 levels; in two grids, since compression spreads a colour over a step. */
function groundOf(image: ImageView): Ratio {
  const known = grounds.get(image);
  if (known !== undefined) return known;
  const count = Math.floor(image.pixels.length / 3);
  const step = Math.max(1, Math.floor(count / SAMPLES));
  const ground =
    count === 0 ? 0 : Math.max(shareOf(image.pixels, count, step, 0), shareOf(image.pixels, count, step, 8));
  grounds.set(image, ground);
  return ground;
}

function shareOf(pixels: Uint8Array, count: number, step: number, shift: number): Ratio {
  const seen = new Uint32Array(17 ** 3);
  let [most, total] = [0, 0];
  for (let at = 0; at < count; at += step) {
    const level = (channel: number): number => ((pixels[3 * at + channel] ?? 0) + shift) >> 4;
    const key = (level(0) * 17 + level(1)) * 17 + level(2);
    const times = (seen[key] ?? 0) + 1;
    seen[key] = times;
    if (times > most) most = times;
    total++;
  }
  return most / total;
}
