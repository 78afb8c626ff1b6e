/** What was measured, as tables; and what was aimed for, with whether it was reached. */
import type { LoadResult } from './load.ts';

/** One pass of one contender. */
export interface Pass extends LoadResult {
  /** CPU microseconds of the proxy for each request. */
  readonly cpu: number;
}

export interface Row {
  readonly key: string;
  readonly name: string;
  readonly passes: readonly Pass[];
  /** MiB. */
  readonly peak: number;
}

/** All contenders on one kind of request: `http 10k`. */
export interface Table {
  readonly title: string;
  readonly rows: readonly Row[];
}

export const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

/** Not a number where `key` was not measured. */
const of = ({ rows }: Table, key: string, value: keyof Pass): number =>
  median((rows.find((row) => row.key === key)?.passes ?? []).map((pass) => pass[value]));

const HEAD =
  '| proxy | req/s | of direct | of squid | of mitmproxy | p50 ms | p99 ms | CPU us/req | peak MiB | passes | errors |';

export function printTable(table: Table, note: string): string {
  const line = ({ key, name, passes, peak }: Row): string => {
    const perSecond = of(table, key, 'perSecond');
    const ratios = ['direct', 'squid', 'mitmproxy'].map((other) =>
      shown(perSecond / of(table, other, 'perSecond'), 3),
    );
    const errors = passes.reduce((sum, pass) => sum + pass.errors, 0);
    const times = (['p50', 'p99'] as const).map((at) => of(table, key, at).toFixed(2));
    const cost = [of(table, key, 'cpu').toFixed(1), peak.toFixed(0), passes.length, errors];
    return `| ${[name, perSecond.toFixed(0), ...ratios, ...times, ...cost].join(' | ')} |`;
  };
  const ruler = HEAD.replace(/[^|]+/g, '---');
  return `\n### ${table.title}, ${note}\n\n${HEAD}\n${ruler}\n${table.rows.map(line).join('\n')}\n`;
}

/** A target of the proxy: a ratio of two medians, and what it has to reach. */
interface Target {
  readonly table: string;
  readonly what: string;
  readonly ratio: readonly [key: string, to: string, value: keyof Pass];
  readonly least?: number;
  readonly most?: number;
}

const faster = (table: string, to: string, least: number, key = 'foretaste'): Target => ({
  table,
  what: `${key} of ${to}, requests per second`,
  ratio: [key, to, 'perSecond'],
  least,
});

/** Of the proxy's issue: pass-through against peers, judging against pass-through. */
const TARGETS: readonly Target[] = [
  faster('http 10k', 'squid', 1.3),
  faster('https 10k', 'squid', 1.2),
  faster('http 100k', 'squid', 1),
  faster('https 100k', 'squid', 1),
  ...['http 10k', 'http 100k', 'https 10k', 'https 100k'].flatMap((table): Target[] => [
    { table, what: 'foretaste of squid, CPU per request', ratio: ['foretaste', 'squid', 'cpu'], most: 1 },
    { table, what: 'foretaste of squid, p99', ratio: ['foretaste', 'squid', 'p99'], most: 1 },
    faster(table, 'mitmproxy', 7),
    faster(table, 'foretaste', 0.8, 'snapshot-hit'),
    faster(table, 'foretaste', 0.45, 'one-reference'),
    // Pass-through has no screens; these have none either.
    faster(table, 'foretaste', 0.8, 'snapshot-hit-only'),
    faster(table, 'foretaste', 0.45, 'one-reference-only'),
  ]),
  {
    table: 'latency',
    what: 'one-reference of the slower of the two fetches, p50',
    ratio: ['one-reference', 'direct', 'p50'],
    most: 1.3,
  },
];

export function printTargets(tables: ReadonlyMap<string, Table>): string {
  const lines = TARGETS.map(({ table, what, ratio: [key, to, value], least, most }) => {
    const measured = tables.get(table);
    const figure = measured === undefined ? Number.NaN : of(measured, key, value) / of(measured, to, value);
    const goal = least === undefined ? `at most ${most}` : `at least ${least}`;
    const met = least === undefined ? figure <= (most ?? 0) : figure >= least;
    return `| ${table} | ${what} | ${shown(figure, 2)} | ${goal} | ${Number.isNaN(figure) ? 'not measured' : met ? 'met' : 'missed'} |`;
  });
  return `\n### targets\n\n| requests | what | figure | target | |\n|---|---|---|---|---|\n${lines.join('\n')}\n`;
}

const shown = (value: number, digits: number): string => (Number.isNaN(value) ? '-' : value.toFixed(digits));
