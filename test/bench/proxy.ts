/** The proxy beside its peers, interleaved: requests per second, latency, CPU per request, peak memory. */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openAuthority } from '../../src/proxy/authority.ts';
import { type Contender, direct, startForetaste, startForward, startSquid } from './proxy/contenders.ts';
import type { Load, LoadResult } from './proxy/load.ts';

export const about = 'direct, Foretaste in pass-through, squid: [PASSES=5] [SECONDS=3]';

/** As in the reference measurements. */
const CONNECTIONS = 32;
const PASS_THROUGH = 'audit: { rate: 0, floor: 0 }\nscreen: { image: false, text: false, code: false }';
const execute = promisify(execFile);

const load = async (given: Load): Promise<LoadResult> => {
  const { stdout } = await execute(process.execPath, [
    join(import.meta.dirname, 'proxy/load.ts'),
    JSON.stringify(given),
  ]);
  return JSON.parse(stdout) as LoadResult;
};

const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

export async function run([passes = '5', seconds = '3']: readonly string[]): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'foretaste-bench-'));
  const ca = join(dir, 'origin.pem');
  const origin = spawn(process.execPath, [join(import.meta.dirname, 'proxy/origin.ts'), ca], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ports = await new Promise<{ http: number; https: number }>((resolve) => {
    origin.stdout.once('data', (data: Buffer) =>
      resolve(JSON.parse(data.toString()) as { http: number; https: number }),
    );
  });
  const contenders: Contender[] = [direct];
  try {
    contenders.push(await startForetaste(dir, ca, 'foretaste', PASS_THROUGH));
    contenders.push(await startForward(dir, ca));
    const squid = await startSquid(dir, ca, 20_000 + (process.pid % 20_000));
    if (squid === undefined) process.stdout.write('squid-openssl is not installed: not measured\n');
    else contenders.push(squid);

    for (const [scheme, path] of [
      ['http', '/10k'],
      ['http', '/100k'],
      ['https', '/10k'],
      ['https', '/100k'],
    ] as const) {
      const url = `${scheme}://127.0.0.1:${ports[scheme]}${path}`;
      await compare(
        `${scheme} ${path.slice(1)}B, ${CONNECTIONS} connections`,
        url,
        contenders,
        Number(passes),
        Number(seconds),
      );
    }
    await newHosts(`https://127.0.0.1:${ports.https}/`, contenders, Number(passes), Number(seconds));
    await leaves(dir);
  } finally {
    for (const contender of contenders) contender.stop();
    origin.kill();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function compare(
  title: string,
  url: string,
  contenders: readonly Contender[],
  passes: number,
  seconds: number,
): Promise<void> {
  const results = new Map(contenders.map(({ name }) => [name, [] as Array<LoadResult & { cpu: number }>]));
  for (const { port } of contenders)
    await load({ url, proxy: port, connections: CONNECTIONS, milliseconds: 1000 });
  for (let pass = 0; pass < passes; pass += 1) {
    for (const { name, port, cpu } of contenders) {
      const before = cpu();
      const result = await load({ url, proxy: port, connections: CONNECTIONS, milliseconds: seconds * 1000 });
      results.get(name)?.push({ ...result, cpu: ((cpu() - before) * 1000) / result.requests });
    }
  }
  const of = (name: string, value: (result: LoadResult & { cpu: number }) => number): number =>
    median((results.get(name) ?? []).map(value));
  process.stdout.write(
    `\n### ${title}\n\n| proxy | req/s | of direct | p50 ms | p99 ms | CPU us/req | peak MiB | errors |\n|---|---|---|---|---|---|---|---|\n`,
  );
  for (const { name, peak } of contenders) {
    const perSecond = of(name, (result) => result.perSecond);
    const errors = (results.get(name) ?? []).reduce((sum, result) => sum + result.errors, 0);
    process.stdout.write(
      `| ${name} | ${perSecond.toFixed(0)} | ${(perSecond / of('direct', (result) => result.perSecond)).toFixed(3)} | ${of(name, ({ p50 }) => p50).toFixed(2)} | ${of(name, ({ p99 }) => p99).toFixed(2)} | ${of(name, ({ cpu }) => cpu).toFixed(1)} | ${peak().toFixed(0)} | ${errors} |\n`,
    );
  }
}

/** A new connection and a new name for every request: certificate, context, handshake, all of it. */
async function newHosts(
  url: string,
  contenders: readonly Contender[],
  passes: number,
  seconds: number,
): Promise<void> {
  process.stdout.write(
    '\n### new intercepted host names, 8 connections\n\n| proxy | hosts/s | CPU ms/host | errors |\n|---|---|---|---|\n',
  );
  for (const { name, port, cpu } of contenders) {
    if (!name.startsWith('foretaste')) continue;
    const results: Array<LoadResult & { cpu: number }> = [];
    for (let pass = 0; pass < passes; pass += 1) {
      const before = cpu();
      const result = await load({
        url,
        proxy: port,
        connections: 8,
        milliseconds: seconds * 1000,
        newHosts: true,
      });
      results.push({ ...result, cpu: (cpu() - before) / result.requests });
    }
    const errors = results.reduce((sum, result) => sum + result.errors, 0);
    process.stdout.write(
      `| ${name} | ${median(results.map(({ perSecond }) => perSecond)).toFixed(0)} | ${median(results.map((result) => result.cpu)).toFixed(2)} | ${errors} |\n`,
    );
  }
}

/** Leaves alone, on one core. */
async function leaves(dir: string): Promise<void> {
  const authority = await openAuthority(join(dir, 'leaves'));
  const count = 5000;
  const start = performance.now();
  for (let number = 0; number < count; number += 1) authority.leafFor(`h${number}.example.org`);
  process.stdout.write(
    `\nleaves: ${((count * 1000) / (performance.now() - start)).toFixed(0)} a second on one core\n`,
  );
}
