/** Digests that many URLs share: pictures that say "image removed", and error pages taken for content. */
import type { Hex } from '../domain/index.ts';
import { KEY_BYTES } from './key.ts';

/** Slots of the count; each keeps the digest that holds the majority of what falls into it (Boyer-Moore vote). */
const SLOTS = 2 ** 16;
/** Fewer URLs than this share a picture for honest reasons: thumbnails, mirrors, size variants, tracking parameters. */
const LEAST_URLS = 64;
/** Of many records, this share of all with one digest is more than any picture earns. Common logos stay well below. */
const LEAST_SHARE = 1e-4;
const MOST_FOUND = 1000;

/** Counts over rows in key order. Needs 3 MiB whatever the number of rows, and finds every digest that is truly frequent. */
export class PlaceholderCount {
  readonly #bytes: number;
  readonly #votes = new Int32Array(SLOTS);
  readonly #digests: Uint8Array;
  readonly #lastKey = Buffer.alloc(KEY_BYTES);

  constructor(digestBytes: number) {
    this.#bytes = digestBytes;
    this.#digests = new Uint8Array(digestBytes === 0 ? 0 : SLOTS * digestBytes);
  }

  /** Count the row at `offset`: its key, then its digest. Rows of one URL count once. */
  count(rows: Buffer, offset: number): void {
    if (this.#bytes === 0) return;
    if (rows.compare(this.#lastKey, 0, KEY_BYTES, offset, offset + KEY_BYTES) === 0) return;
    rows.copy(this.#lastKey, 0, offset, offset + KEY_BYTES);
    const from = offset + KEY_BYTES;
    const slot = ((rows[from] ?? 0) << 8) | (rows[from + 1] ?? 0);
    const vote = this.#votes[slot] ?? 0;
    if (vote === 0) {
      rows.copy(this.#digests, slot * this.#bytes, from, from + this.#bytes);
      this.#votes[slot] = 1;
      return;
    }
    let equal = true;
    for (let at = 2; at < this.#bytes && equal; at++)
      equal = this.#digests[slot * this.#bytes + at] === rows[from + at];
    this.#votes[slot] = equal ? vote + 1 : vote - 1;
  }

  /** The digests that lead by enough, most frequent first. */
  found(rows: number): Hex[] {
    const least = Math.max(LEAST_URLS, rows * LEAST_SHARE);
    const frequent: Array<{ slot: number; votes: number }> = [];
    for (let slot = 0; slot < SLOTS; slot++) {
      const votes = this.#votes[slot] ?? 0;
      if (votes >= least) frequent.push({ slot, votes });
    }
    return frequent
      .sort((a, b) => b.votes - a.votes)
      .slice(0, MOST_FOUND)
      .map(({ slot }) =>
        Buffer.from(this.#digests.subarray(slot * this.#bytes, (slot + 1) * this.#bytes)).toString('hex'),
      );
  }
}
