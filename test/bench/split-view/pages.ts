/** The pages of the benchmark: real ones from a folder, or generated ones; a half to choose thresholds on, a half to report on. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { paragraphs, textOf } from '../../origin/markup.ts';
import { article, render } from '../../origin/pages.ts';
import { seedOf } from './chance.ts';

export interface BenchPage {
  readonly name: string;
  readonly markup: string;
}

export type Half = 'development' | 'held-out';

/** By the name alone, so that no page ever changes sides. */
export const halfOf = ({ name }: BenchPage): Half =>
  seedOf('half', name) % 2 === 0 ? 'development' : 'held-out';

const GENERATED = 40;

export function loadPages(folder: string | undefined): BenchPage[] {
  if (folder === undefined) {
    return Array.from({ length: GENERATED }, (_, seed) => ({
      name: `generated-${seed}`,
      markup: render(article(seed + 1)),
    }));
  }
  return readdirSync(folder)
    .filter((file) => /\.html?(?:\.gz)?$/.test(file))
    .sort()
    .map((file) => {
      const bytes = readFileSync(join(folder, file));
      const plain = file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
      return {
        name: file.replace(/\.html?(?:\.gz)?$/, ''),
        markup: plain
          .toString('utf8')
          .replace(/charset=["']?(?:gb2312|iso-8859-\d+|windows-\d+)/gi, 'charset=utf-8'),
      };
    });
}

/** Paragraphs of all pages, to furnish teasers, advertisements and comments with real prose. */
export const proseOf = (pages: readonly BenchPage[]): string[] =>
  pages.flatMap(({ markup }) =>
    paragraphs(markup)
      .slice(0, 8)
      .map(({ inner }) => textOf(inner).slice(0, 400)),
  );
