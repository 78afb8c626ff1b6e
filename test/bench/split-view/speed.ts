/** How long a comparison takes, views already made. */
import { join } from 'node:path';
import { compareViews } from '../../../src/compare/index.ts';
import { CRAWLER, type PageView } from '../../../src/domain/index.ts';
import { loadRules } from '../../../src/rules/load.ts';
import { patternsFor } from '../../../src/rules/volatile.ts';
import { pageOf } from '../../../src/view/html.ts';
import { LIES } from '../../origin/lies.ts';
import { drawsOf } from './chance.ts';
import type { BenchPage } from './pages.ts';

/** Milliseconds of processor time, median over pages, for a page of 50 to 200 KB against three references and a repeat. */
export interface Speed {
  readonly pages: number;
  readonly equal: number;
  readonly lied: number;
}

export function speed(pages: readonly BenchPage[]): Speed {
  const rules = loadRules(join(import.meta.dirname, '../../../rules'));
  const page = { sessions: patternsFor(rules.volatile, 'query'), built: patternsFor(rules.volatile, 'name') };
  const view = (markup: string, sha256: string): PageView => ({
    kind: 'page',
    identity: CRAWLER,
    status: 200,
    mediaType: 'text/html',
    sha256,
    evidence: 'usable',
    evidenceReason: '',
    ...pageOf(markup, 'https://site.example/', page),
  });
  const sized = pages.filter(({ markup }) => markup.length > 50_000 && markup.length < 200_000);
  const time = (lied: boolean) =>
    median(
      sized.map(({ name, markup }) => {
        const lie = lied ? (LIES['paragraph replaced']?.(markup, drawsOf(name)) ?? markup) : markup;
        const crawler = view(lie, 'crawler');
        const repeats = [view(lie, 'crawler2')];
        const references = ['a', 'b', 'c'].map((sha256) => view(markup, sha256));
        const started = process.cpuUsage();
        compareViews({ crawler, repeats, references, rules });
        const { user, system } = process.cpuUsage(started);
        return (user + system) / 1000;
      }),
    );
  // The compiler warms up first.
  for (let round = 0; round < 3; round++) time(true);
  return { pages: sized.length, equal: time(false), lied: time(true) };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
