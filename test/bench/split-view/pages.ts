/** The pages of the benchmark: real ones from a folder, or generated ones; a half to choose thresholds on, a half to report on. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { textOf as charactersOf } from '../../../src/view/charset.ts';
import { paragraphs, textOf } from '../../origin/markup.ts';
import { story } from '../../origin/prose.ts';
import { render } from '../../origin/rich.ts';
import { seedOf } from './chance.ts';

export interface BenchPage {
  readonly name: string;
  readonly markup: string;
}

export const HALVES = ['development', 'held-out', 'all'] as const;
export type Half = (typeof HALVES)[number];

/** By the name alone, so that no page ever changes sides. */
export const halfOf = ({ name }: BenchPage): Exclude<Half, 'all'> =>
  seedOf('half', name) % 2 === 0 ? 'development' : 'held-out';

const GENERATED = 40;
/** Larger pages say nothing more and take most of the time. */
const LARGEST = 250_000;

export interface PageSet {
  readonly chosen: readonly BenchPage[];
  /** Of all pages there are, before a half and a size were chosen. */
  readonly of: number;
  /** Prose from pages of the other half, to furnish teasers, advertisements and comments. */
  prose(page: BenchPage): readonly string[];
}

export function pageSet(folder: string | undefined, half: Half, limit: number): PageSet {
  const pages = folder === undefined ? generated() : read(folder);
  const pools = {
    development: proseOf(pages.filter((page) => halfOf(page) === 'held-out')),
    'held-out': proseOf(pages.filter((page) => halfOf(page) === 'development')),
  };
  return {
    chosen: pages
      .filter((page) => (half === 'all' || halfOf(page) === half) && page.markup.length <= LARGEST)
      .slice(0, limit),
    of: pages.length,
    prose: (page) => pools[halfOf(page)],
  };
}

const generated = (): BenchPage[] =>
  Array.from({ length: GENERATED }, (_, seed) => ({
    name: `generated-${seed}`,
    markup: render(story(seed + 1), seed),
  }));

const read = (folder: string): BenchPage[] =>
  readdirSync(folder)
    .filter((file) => /\.html?(?:\.gz)?$/.test(file))
    .sort()
    .map((file) => {
      const bytes = readFileSync(join(folder, file));
      return {
        name: file.replace(/\.html?(?:\.gz)?$/, ''),
        markup: charactersOf(file.endsWith('.gz') ? gunzipSync(bytes) : bytes),
      };
    });

const proseOf = (pages: readonly BenchPage[]): string[] =>
  pages.flatMap(({ markup }) =>
    paragraphs(markup)
      .slice(0, 8)
      .map(({ inner }) => textOf(inner).slice(0, 400)),
  );
