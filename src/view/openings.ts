/** Regions as a page opens them, one within another; and which of them is the page itself. */
import type { Region } from '../domain/index.ts';

/** A region that holds this share of all text is the page itself, whatever its name: `div.blog-comments` around everything. */
const TOO_MUCH_FOR_CHROME = 0.4;

/** Number of the element that opened a region, 0 for the page. */
export type Opener = number;

/** Something in a region, with the element that opened it. */
export interface Placed<Part> {
  readonly part: Part;
  readonly opener: Opener;
}

export class Openings {
  /** For each opener the one around it. */
  readonly #around: Opener[] = [0];

  open(around: Opener): Opener {
    return this.#around.push(around) - 1;
  }

  /** Openers of regions that hold most of the page, with all that stands inside them. */
  contentAmong(blocks: ReadonlyArray<Placed<{ readonly text: string }>>): Set<Opener> {
    const sizes = new Map<Opener, number>();
    let all = 0;
    for (const { part, opener } of blocks) {
      all += part.text.length;
      for (let at = opener; at > 0; at = this.#around[at] ?? 0)
        sizes.set(at, (sizes.get(at) ?? 0) + part.text.length);
    }
    return new Set(
      [...sizes].filter(([, size]) => size > all * TOO_MUCH_FOR_CHROME).map(([opener]) => opener),
    );
  }
}

/** What stands in a region that is the page itself stands in its content. */
export const settleRegions = <Part extends { readonly region: Region }>(
  placed: ReadonlyArray<Placed<Part>>,
  content: ReadonlySet<Opener>,
): Part[] => placed.map(({ part, opener }) => (content.has(opener) ? { ...part, region: 'main' } : part));
