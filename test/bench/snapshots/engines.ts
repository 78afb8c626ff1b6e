/** The same records in other engines: why the index is files of its own. */

import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { importFiles } from '../../../src/snapshot/import.ts';
import { keyOf } from '../../../src/snapshot/key.ts';
import { openIndex } from '../../../src/snapshot/store.ts';
import { digestOf, urlOf, writeFiles } from './records.ts';

type Print = (name: string, value: string | number) => void;

interface Engine {
  fill(rows: Iterable<readonly [key: Buffer, digest: Buffer]>): Promise<void>;
  get(url: string): Promise<Uint8Array | undefined> | Uint8Array | undefined;
  close(): Promise<void> | void;
}

/** `others`: a folder where lmdb and classic-level are installed; they are measured where they are. */
export async function compareEngines(
  records: number,
  data: string,
  others: string | undefined,
  print: Print,
): Promise<void> {
  const engines: Record<string, ((dir: string) => Promise<Engine> | Engine) | undefined> = {
    'node:sqlite': sqlite,
    lmdb: others === undefined ? undefined : (dir) => lmdb(dir, createRequire(join(others, 'x.js'))),
    'classic-level':
      others === undefined ? undefined : (dir) => level(dir, createRequire(join(others, 'x.js'))),
  };
  await segments(records, data, print);
  for (const [name, open] of Object.entries(engines)) {
    if (open === undefined) continue;
    const dir = join(data, name.replace(':', '-'));
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
    const engine = await open(dir);
    const started = performance.now();
    await engine.fill(rowsOf(records));
    report(name, records, started, dir, print);
    await lookups(name, records, (url) => engine.get(url), print);
    await engine.close();
  }
}

function* rowsOf(records: number): Generator<readonly [Buffer, Buffer]> {
  for (let at = 0; at < records; at++)
    yield [keyOf(urlOf(at)) ?? Buffer.alloc(0), Buffer.from(digestOf(at), 'hex')];
}

const sizeOf = (dir: string): number =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

function report(name: string, records: number, started: number, dir: string, print: Print): void {
  print(`${name}: records a second`, Math.round(records / ((performance.now() - started) / 1000)));
  print(`${name}: bytes a record`, Number((sizeOf(dir) / records).toFixed(1)));
}

async function lookups(
  name: string,
  records: number,
  get: (url: string) => unknown,
  print: Print,
): Promise<void> {
  const asked = 50_000;
  const urls = Array.from({ length: asked }, () => urlOf(Math.floor(Math.random() * records)));
  const started = performance.now();
  for (const url of urls) if ((await get(url)) === undefined) throw new Error(`Expected ${url} in ${name}.`);
  print(`${name}: lookups a second, one by one`, Math.round(asked / ((performance.now() - started) / 1000)));
}

async function segments(records: number, data: string, print: Print): Promise<void> {
  const files = await writeFiles(join(data, 'parquet'), records);
  const dir = join(data, 'segments');
  rmSync(dir, { recursive: true, force: true });
  const started = performance.now();
  await importFiles(files, {
    dir,
    dataset: 'datacomp',
    format: 'auto',
    labels: false,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onSkip: () => undefined,
  });
  report('segments (from Parquet)', records, started, dir, print);
  const index = await openIndex(dir);
  await lookups('segments', records, async (url) => (await index.find(url))[0], print);
  await index.close();
}

function sqlite(dir: string): Engine {
  const db = new DatabaseSync(join(dir, 'records.db'));
  db.exec(
    'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE r (k BLOB PRIMARY KEY, d BLOB) WITHOUT ROWID',
  );
  const insert = db.prepare('INSERT OR REPLACE INTO r VALUES (?, ?)');
  const select = db.prepare('SELECT d FROM r WHERE k = ?');
  return {
    fill: async (rows) => {
      db.exec('BEGIN');
      for (const [key, digest] of rows) insert.run(key, digest);
      db.exec('COMMIT');
    },
    get: (url) => select.get(keyOf(url) ?? Buffer.alloc(0))?.['d'] as Uint8Array | undefined,
    close: () => db.close(),
  };
}

function lmdb(dir: string, require: NodeJS.Require): Engine {
  const db = require('lmdb').open({
    path: join(dir, 'lmdb'),
    keyEncoding: 'binary',
    encoding: 'binary',
    noSync: true,
  });
  return {
    fill: async (rows) => {
      let last: Promise<unknown> | undefined;
      let held = 0;
      for (const [key, digest] of rows) {
        last = db.put(key, digest);
        if (++held % 10_000 === 0) await last;
      }
      await last;
    },
    get: (url) => db.get(keyOf(url)),
    close: () => db.close(),
  };
}

function level(dir: string, require: NodeJS.Require): Engine {
  const { ClassicLevel } = require('classic-level');
  const db = new ClassicLevel(join(dir, 'level'), {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
    compression: false,
  });
  return {
    fill: async (rows) => {
      let batch: Array<{ type: 'put'; key: Buffer; value: Buffer }> = [];
      for (const [key, value] of rows) {
        batch.push({ type: 'put', key, value });
        if (batch.length < 10_000) continue;
        await db.batch(batch);
        batch = [];
      }
      await db.batch(batch);
    },
    get: (url) => db.get(keyOf(url)),
    close: () => db.close(),
  };
}
