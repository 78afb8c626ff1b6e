/** The proxy beside its peers, interleaved: requests per second, latency, CPU per request, peak memory, and what was aimed for. */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { openAuthority } from '../../src/proxy/authority.ts';
import { ENTRIES, type Running, startContenders } from './proxy/contenders.ts';
import type { Load, LoadResult } from './proxy/load.ts';
import { median, type Pass, printTable, printTargets, type Table } from './proxy/tables.ts';

export const about =
  'the guard and its peers: [PASSES=5] [SECONDS=2] [--only NAME,...] [--workers N] [--tools DIR]';

/** As in the reference measurements. */
const CONNECTIONS = 32;
/** Little enough that nothing waits for a processor: what is left is how long an exchange takes. */
const FEW_CONNECTIONS = 4;
const execute = promisify(execFile);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const load = async (given: Load): Promise<LoadResult> => {
  const script = join(import.meta.dirname, 'proxy/load.ts');
  const { stdout } = await execute(process.execPath, [script, JSON.stringify(given)]);
  return JSON.parse(stdout) as LoadResult;
};

/** How long, and who. */
interface Effort {
  readonly passes: number;
  readonly milliseconds: number;
  readonly contenders: readonly Running[];
}

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: 'string', default: '' },
      workers: { type: 'string', default: '1' },
      tools: { type: 'string', default: process.env['FORETASTE_TOOLS'] },
    },
  });
  const only = values.only.split(',').filter((name) => name !== '');
  const unknown = only.find((name) => !ENTRIES.some(({ key }) => key === name));
  if (unknown !== undefined)
    throw new Error(`Expected names of ${ENTRIES.map(({ key }) => key).join(', ')} but received ${unknown}.`);
  const [passes = '5', seconds = '2'] = positionals;
  const dir = mkdtempSync(join(tmpdir(), 'foretaste-bench-'));
  const ca = join(dir, 'origin.pem');
  const records = join(dir, 'records.csv');
  const origin = spawn(process.execPath, [join(import.meta.dirname, 'proxy/origin.ts'), ca, records], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let contenders: readonly Running[] = [];
  try {
    const ports = await new Promise<{ http: number; https: number }>((resolve) => {
      origin.stdout.once('data', (data: Buffer) =>
        resolve(JSON.parse(data.toString()) as { http: number; https: number }),
      );
    });
    const place = { dir, ca, records, workers: Number(values.workers), tools: values.tools };
    contenders = await startContenders(only, place, say);
    const effort = { passes: Number(passes), milliseconds: Number(seconds) * 1000, contenders };
    const tables = new Map<string, Table>();
    for (const title of ['http 10k', 'http 100k', 'https 10k', 'https 100k']) {
      const [scheme = '', size = ''] = title.split(' ');
      const url = `${scheme}://127.0.0.1:${scheme === 'http' ? ports.http : ports.https}/${size}`;
      const table = await compare(title, { url, connections: CONNECTIONS }, effort);
      tables.set(title, table);
      say(printTable(table, `${CONNECTIONS} connections`));
    }
    const waiting = { url: `http://127.0.0.1:${ports.http}/wait`, connections: FEW_CONNECTIONS };
    const ours = contenders.filter(({ key }) => ['direct', 'foretaste', 'one-reference'].includes(key));
    // Asked directly, and by another name, so that `direct` is the slower of the two fetches.
    const latency = await compare(
      'latency',
      waiting,
      { ...effort, contenders: ours },
      { userAgent: 'another' },
    );
    tables.set('latency', latency);
    say(
      printTable(
        latency,
        `an origin that takes 20 ms for the crawler and 50 ms for others, ${FEW_CONNECTIONS} connections`,
      ),
    );
    await newHosts(`https://127.0.0.1:${ports.https}/`, effort);
    await leaves(dir);
    say(printTargets(tables));
  } finally {
    for (const contender of contenders) contender.stop();
    origin.kill();
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Every contender in turn, pass by pass, so that what disturbs the machine disturbs all alike. */
async function compare(
  title: string,
  given: Pick<Load, 'url' | 'connections'>,
  { contenders, passes, milliseconds }: Effort,
  whenDirect: Pick<Load, 'userAgent'> = {},
): Promise<Table> {
  const loadOf = ({ port }: Running, span: number): Load => ({
    ...given,
    milliseconds: span,
    ...(port === undefined ? whenDirect : { proxy: port }),
  });
  const results = contenders.map((contender) => ({ contender, passes: [] as Pass[] }));
  for (const contender of contenders) await load(loadOf(contender, 1000));
  for (let pass = 0; pass < passes; pass += 1) {
    for (const { contender, passes: done } of results) {
      const before = contender.cpu();
      const result = await load(loadOf(contender, milliseconds));
      done.push({ ...result, cpu: ((contender.cpu() - before) * 1000) / result.requests });
    }
  }
  return {
    title,
    rows: results.map(({ contender: { key, name, peak }, passes: done }) => ({
      key,
      name,
      passes: done,
      peak: peak(),
    })),
  };
}

/** A new connection and a new name for every request: certificate, context, handshake, all of it. */
async function newHosts(url: string, { contenders, passes, milliseconds }: Effort): Promise<void> {
  say(
    '\n### new intercepted host names, 8 connections\n\n| proxy | hosts/s | CPU ms/host | errors |\n|---|---|---|---|',
  );
  for (const { key, name, port, cpu } of contenders) {
    if (key !== 'foretaste' && key !== 'alone') continue;
    const results: Pass[] = [];
    for (let pass = 0; pass < passes; pass += 1) {
      const before = cpu();
      const result = await load({ url, proxy: port, connections: 8, milliseconds, newHosts: true });
      results.push({ ...result, cpu: (cpu() - before) / result.requests });
    }
    const errors = results.reduce((sum, result) => sum + result.errors, 0);
    const perSecond = median(results.map((result) => result.perSecond));
    say(
      `| ${name} | ${perSecond.toFixed(0)} | ${median(results.map((result) => result.cpu)).toFixed(2)} | ${errors} |`,
    );
  }
}

/** Leaves alone, on one core. */
async function leaves(dir: string): Promise<void> {
  const authority = await openAuthority(join(dir, 'leaves'));
  const count = 5000;
  const start = performance.now();
  for (let number = 0; number < count; number += 1) authority.leafFor(`h${number}.example.org`);
  say(`\nleaves: ${((count * 1000) / (performance.now() - start)).toFixed(0)} a second on one core`);
}
