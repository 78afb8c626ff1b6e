/** A text's words in a fixed size: how much of it a later text still holds is told without keeping it. */
import { wordsOf } from '../compare/words.ts';
import type { Hex, PageView, Ratio, RecordedHash } from '../domain/index.ts';
import { FEWEST_WORDS, shinglesOf, wordsIn } from './likeness.ts';

/** Minima that are kept of a text, one octet of each: resemblance comes out within 0.04 two times of three. @see Li and König 2010, "b-bit minwise hashing" */
const SLOTS = 128;
const HEADER_BYTES = 4;
export const SKETCH_BYTES = HEADER_BYTES + SLOTS;
/** Chance that two different minima have the same octet. */
const BY_CHANCE: Ratio = 1 / 256;

/** Which words were taken. An extract is what somebody's extractor left of a page: what else the page holds says nothing. */
const TAKEN = ['main', 'page', 'extract'] as const;
type Taken = (typeof TAKEN)[number];
const MOST_SHINGLES = 2 ** 30 - 1;

/** How a page stands to a sketch; `fresh` is missing where the sketch is of an extract. */
export interface SketchLikeness {
  readonly kept: Ratio;
  readonly fresh?: Ratio;
}

/** Sketch of the main content, or of the whole page where that has hardly any words; none where it has too few to say anything. */
export function sketchOfPage(page: Pick<PageView, 'blocks' | 'code'>): RecordedHash[] {
  const main = wordsIn(page, false);
  return main.length < FEWEST_WORDS ? sketch(wordsIn(page, true), 'page') : sketch(main, 'main');
}

/** Sketch of the text that an extractor made of a page (WET, C4, FineWeb). */
export const sketchOfExtract = (text: string): RecordedHash[] => sketch(wordsOf(text), 'extract');

/** Undefined where either has too few words. `recorded` is what the functions above gave. */
export function likenessToSketch(recorded: Hex, page: PageView): SketchLikeness | undefined {
  const octet = (at: number): number => Number.parseInt(recorded.slice(2 * at, 2 * at + 2), 16);
  const header = Number.parseInt(recorded.slice(0, 2 * HEADER_BYTES), 16);
  const [taken, before] = [TAKEN[header >>> 30], header & MOST_SHINGLES];
  const shingles = shinglesOf(wordsIn(page, taken !== 'main'));
  if (taken === undefined || before === 0 || shingles.size === 0) return undefined;
  const later = minimaOf(shingles);
  let equal = 0;
  for (const [slot, least] of later.entries()) if (least === octet(HEADER_BYTES + slot)) equal++;
  const resemblance = Math.max(0, (equal / SLOTS - BY_CHANCE) / (1 - BY_CHANCE));
  const common = (resemblance * (before + shingles.size)) / (1 + resemblance);
  const kept = Math.min(1, common / before);
  return taken === 'extract' ? { kept } : { kept, fresh: Math.max(0, 1 - common / shingles.size) };
}

function sketch(words: readonly string[], taken: Taken): RecordedHash[] {
  if (words.length < FEWEST_WORDS) return [];
  const shingles = shinglesOf(words);
  const header = ((TAKEN.indexOf(taken) << 30) | Math.min(shingles.size, MOST_SHINGLES)) >>> 0;
  const octets = Array.from(minimaOf(shingles), (least) => hex(least, 1));
  return [{ alg: 'minhash', value: hex(header, HEADER_BYTES) + octets.join('') }];
}

const hex = (value: number, bytes: number): Hex => value.toString(16).padStart(2 * bytes, '0');

/** The last octet of the least value that each of the hash functions gives. */
function minimaOf(shingles: ReadonlySet<string>): Uint8Array {
  const least = new Uint32Array(SLOTS).fill(0xffff_ffff);
  for (const shingle of shingles) {
    const hash = fnv1a(shingle);
    for (let slot = 0; slot < SLOTS; slot++) {
      const value = mixed(hash ^ Math.imul(slot + 1, 0x9e37_79b1));
      if (value < (least[slot] ?? 0)) least[slot] = value;
    }
  }
  return Uint8Array.from(least, (value) => value & 0xff);
}

function fnv1a(text: string): number {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x0100_0193);
  return hash;
}

/** The finaliser of MurmurHash3, which spreads every bit over all others. */
function mixed(value: number): number {
  let x = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
