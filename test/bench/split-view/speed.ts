/** How long a comparison takes, views already made. */
import { compareViews } from '../../../src/compare/index.ts';
import { LIES } from '../../origin/lies.ts';
import { story } from '../../origin/prose.ts';
import { render } from '../../origin/rich.ts';
import { drawsOf } from './chance.ts';
import type { BenchPage, PageSet } from './pages.ts';
import { rules, viewOf } from './views.ts';

/** Medians of milliseconds of processor time over pages of about 100 KB, with everything prepared anew. */
export interface Speed {
  readonly pages: number;
  /** Median size in bytes. */
  readonly size: number;
  /** An equal page against one reference. */
  readonly equal: number;
  /** A replaced paragraph against one reference, and against three with a repeat. */
  readonly one: number;
  readonly four: number;
}

const [SMALLEST, LARGEST] = [80_000, 125_000];
/** Paragraphs of a generated article of about 100 KB. */
const PARAGRAPHS = 180;
const GENERATED = 12;

export function speed({ chosen }: PageSet): Speed {
  const real = chosen.filter(({ markup }) => markup.length > SMALLEST && markup.length < LARGEST);
  const sized = real.length > 0 ? real : generated();
  const time = (references: number, lied: boolean) =>
    median(
      sized.map(({ name, markup }) => {
        const lie = lied ? (LIES['paragraph replaced']?.(markup, drawsOf(name)) ?? markup) : markup;
        const input = {
          crawler: viewOf(lie),
          repeats: references > 1 ? [viewOf(lie)] : [],
          references: Array.from({ length: references }, () => viewOf(markup)),
          rules,
        };
        const started = process.cpuUsage();
        compareViews(input);
        const { user, system } = process.cpuUsage(started);
        return (user + system) / 1000;
      }),
    );
  // The compiler warms up first.
  for (let round = 0; round < 3; round++) time(3, true);
  return {
    pages: sized.length,
    size: median(sized.map(({ markup }) => markup.length)),
    equal: time(1, false),
    one: time(1, true),
    four: time(3, true),
  };
}

const generated = (): BenchPage[] =>
  Array.from({ length: GENERATED }, (_, seed) => ({
    name: `long-${seed}`,
    markup: render(story(seed + 1, PARAGRAPHS), seed),
  }));

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
