/** Snapshot records at dataset scale: import, size, memory, lookups warm and cold, interruption. */
import { spawn, spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { type OpenIndex, openIndex } from '../../src/snapshot/store.ts';
import { compareEngines } from './snapshots/engines.ts';
import { digestOf, urlOf, writeFiles } from './snapshots/records.ts';

export const about =
  'snapshot records: import, bytes a record, memory, lookups; --records N --labels --data DIR --engines [--with DIR]';

/** Records of the import that is killed; each of them is looked up afterwards. */
const INTERRUPTED = 2_000_000;

/** Seen on the terminal, so that figures of different machines are not compared by accident. */
const print = (name: string, value: string | number): void => {
  process.stdout.write(
    `${name.padEnd(44)} ${typeof value === 'number' ? value.toLocaleString('en') : value}\n`,
  );
};

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      records: { type: 'string', default: '1000000' },
      labels: { type: 'boolean', default: false },
      data: { type: 'string' },
      engines: { type: 'boolean', default: false },
      with: { type: 'string' },
    },
  });
  const records = Number(values.records);
  const data = values.data ?? mkdtempSync(join(tmpdir(), 'foretaste-bench-'));
  try {
    if (values.engines) return await compareEngines(records, data, values.with, print);
    const started = performance.now();
    const files = await writeFiles(join(data, 'parquet'), records);
    print('writing the Parquet files, seconds (not counted)', seconds(started));
    const dir = join(data, `index-${records}`);
    await measureImport(dir, files, records, values.labels);
    await measureLookups(dir, records);
    rmSync(dir, { recursive: true, force: true });
    const some = Math.min(records, INTERRUPTED);
    await interrupt(join(data, 'interrupted'), await writeFiles(join(data, 'parquet'), some), some);
  } finally {
    if (values.data === undefined) rmSync(data, { recursive: true, force: true });
  }
}

const seconds = (started: number): number => Number(((performance.now() - started) / 1000).toFixed(1));

const importer = (dir: string, labels: boolean, files: readonly string[]) =>
  spawn(
    process.execPath,
    [join(import.meta.dirname, 'snapshots/import.ts'), dir, labels ? 'labels' : 'none', ...files],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );

async function measureImport(
  dir: string,
  files: readonly string[],
  records: number,
  labels: boolean,
): Promise<void> {
  rmSync(dir, { recursive: true, force: true });
  const child = importer(dir, labels, files);
  child.stderr.resume();
  const found = JSON.parse(await text(child.stdout));
  if (found.imported !== records)
    throw new Error(`Expected ${records} records but ${found.imported} were imported.`);
  print('records', records);
  print('import, records a second', Math.round(records / found.seconds));
  print('import, records a second of processor time', Math.round(records / found.cpuSeconds));
  print('import, seconds (of them reading)', `${found.seconds.toFixed(1)} (${found.readSeconds.toFixed(1)})`);
  print('import, peak memory in MiB', Math.round(found.peakMiB));
  print('index, bytes a record', Number((sizeOf(dir) / records).toFixed(2)));
}

const sizeOf = (dir: string): number =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

async function measureLookups(dir: string, records: number): Promise<void> {
  const before = process.memoryUsage.rss();
  let started = performance.now();
  const index = await openIndex(dir);
  print('open, milliseconds', Number((performance.now() - started).toFixed(1)));
  print('open, memory in MiB', Math.round((process.memoryUsage.rss() - before) / 2 ** 20));
  try {
    if (forget(dir)) print('lookup cold, p50 and p99 in ms', await percentiles(index, 2000, records));
    await warm(dir);
    print('lookup warm, p50 and p99 in ms', await percentiles(index, 20_000, records));
    const used = process.cpuUsage();
    started = performance.now();
    const asked = 200_000;
    let found = 0;
    for (let done = 0; done < asked; done += 1000) {
      const batch = Array.from({ length: 1000 }, () => Math.floor(Math.random() * records));
      const answers = await index.findAll(batch.map(urlOf));
      for (const [at, number] of batch.entries())
        if (answers[at]?.[0]?.digests[0]?.value === digestOf(number)) found++;
    }
    const { user, system } = process.cpuUsage(used);
    if (found !== asked) throw new Error(`Expected ${asked} records but found ${found}.`);
    print('lookups a second, batches of 1000', Math.round(asked / ((performance.now() - started) / 1000)));
    print('lookups a second of processor time', Math.round(asked / ((user + system) / 1e6)));
    started = performance.now();
    for (let done = 0; done < asked; done += 1000)
      await index.findAll(Array.from({ length: 1000 }, (_, at) => urlOf(records + done + at)));
    print(
      'lookups a second of what is not there',
      Math.round(asked / ((performance.now() - started) / 1000)),
    );
  } finally {
    await index.close();
  }
}

/** One after another, as exchanges ask. */
async function percentiles(index: OpenIndex, count: number, records: number): Promise<string> {
  const times: number[] = [];
  for (let done = 0; done < count; done++) {
    const url = urlOf(Math.floor(Math.random() * records));
    const started = performance.now();
    await index.find(url);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return `${(times[Math.floor(count * 0.5)] ?? 0).toFixed(3)}, ${(times[Math.floor(count * 0.99)] ?? 0).toFixed(3)}`;
}

/** Drop the files from the page cache, without touching those of others; false where the system cannot. */
const forget = (dir: string): boolean =>
  readdirSync(join(dir, 'segments')).every(
    (file) =>
      spawnSync('dd', [`if=${join(dir, 'segments', file)}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' })
        .status === 0,
  );

/** Bring the files into the page cache, as a day of use does. */
async function warm(dir: string): Promise<void> {
  for (const file of readdirSync(join(dir, 'segments')))
    for await (const _ of createReadStream(join(dir, 'segments', file), { highWaterMark: 2 ** 22 }));
}

/** Kill an import three times while it runs, finish it, and count. */
async function interrupt(dir: string, files: readonly string[], records: number): Promise<void> {
  rmSync(dir, { recursive: true, force: true });
  const stopped: string[] = [];
  for (const share of [0.3, 0.6, 0.9]) {
    const child = importer(dir, false, files);
    child.stdout.resume();
    for await (const line of createInterface(child.stderr)) {
      const imported = Number(line.split(' ')[1]);
      if (imported < records * share || child.killed) continue;
      child.kill('SIGKILL');
      stopped.push(line);
    }
  }
  const child = importer(dir, false, files);
  child.stderr.resume();
  await text(child.stdout);
  const index = await openIndex(dir);
  try {
    const [standing] = await index.datasets();
    let found = 0;
    for (let from = 0; from < records; from += 10_000) {
      const numbers = Array.from({ length: Math.min(10_000, records - from) }, (_, at) => from + at);
      for (const answers of await index.findAll(numbers.map(urlOf))) if (answers.length === 1) found++;
    }
    print('killed at', stopped.join(', '));
    print('then finished: records held, found once', `${standing?.records}, ${found}`);
    if (standing?.records !== records || found !== records)
      throw new Error(`Expected ${records} records, each once.`);
  } finally {
    await index.close();
  }
}
