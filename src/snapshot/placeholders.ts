/** Digests that many URLs share: pictures that say "image removed", and error pages taken for content. */
import type { Hex } from '../domain/index.ts';

/** Slots of the count; each keeps the digest that holds the majority of what falls into it (Boyer-Moore vote). */
const SLOTS = 2 ** 16;
/** Fewer URLs than this share a picture for honest reasons: thumbnails, mirrors, size variants, tracking parameters. */
const LEAST_URLS = 64;
/** Of many records, this share of all with one digest is more than any picture earns. Common logos stay well below. */
const LEAST_SHARE = 1e-4;
const MOST_FOUND = 1000;

/** What threads tell one another of their counts. */
export interface PlaceholderVotes {
  readonly votes: Int32Array;
  readonly tags: Int32Array;
  readonly digests: Uint8Array;
}

/** Counts digests in 3 MiB whatever their number, and finds every one that is truly frequent. */
export class PlaceholderCount {
  readonly #bytes: number;
  readonly #votes: Int32Array;
  /** Octets 2 to 5 of the digest that holds the slot: with the number of the slot, 48 bits of it. */
  readonly #tags: Int32Array;
  readonly #digests: Uint8Array;

  constructor(digestBytes: number, before?: PlaceholderVotes) {
    this.#bytes = digestBytes;
    const slots = digestBytes === 0 ? 0 : SLOTS;
    this.#votes = before?.votes ?? new Int32Array(slots);
    this.#tags = before?.tags ?? new Int32Array(slots);
    this.#digests = before?.digests ?? new Uint8Array(slots * digestBytes);
  }

  /** Count the digest at `from`: once for each URL. */
  count(rows: Uint8Array, from: number): void {
    if (this.#bytes === 0) return;
    const slot = ((rows[from] ?? 0) << 8) | (rows[from + 1] ?? 0);
    const tag =
      ((rows[from + 2] ?? 0) << 24) |
      ((rows[from + 3] ?? 0) << 16) |
      ((rows[from + 4] ?? 0) << 8) |
      (rows[from + 5] ?? 0);
    const vote = this.#votes[slot] ?? 0;
    if (vote === 0) this.#tags[slot] = tag;
    if (vote > 0 && this.#tags[slot] !== tag) {
      this.#votes[slot] = vote - 1;
      return;
    }
    this.#votes[slot] = vote + 1;
    // Most digests never come twice: the whole of one is kept from its second vote on.
    if (vote === 1)
      for (let at = 0; at < this.#bytes; at++) this.#digests[slot * this.#bytes + at] = rows[from + at] ?? 0;
  }

  get state(): PlaceholderVotes {
    return { votes: this.#votes, tags: this.#tags, digests: this.#digests };
  }

  /** Take over what was counted elsewhere: equal holders of a slot add up, of different ones the stronger keeps the rest. */
  add({ votes, tags, digests }: PlaceholderVotes): void {
    for (let slot = 0; slot < votes.length; slot++) {
      const [mine, other] = [this.#votes[slot] ?? 0, votes[slot] ?? 0];
      const equal = this.#tags[slot] === tags[slot];
      this.#votes[slot] = equal ? mine + other : Math.abs(mine - other);
      // The other may have seen its digest twice where this one saw it once, and so alone has the whole of it.
      if (other <= mine) continue;
      this.#tags[slot] = tags[slot] ?? 0;
      const [from, to] = [slot * this.#bytes, (slot + 1) * this.#bytes];
      this.#digests.set(digests.subarray(from, to), from);
    }
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
