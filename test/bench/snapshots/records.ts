/** Records in the shape of DataComp: URL, caption, SHA-256, in Parquet files of five million rows. */
import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TextColumn, writeShard } from './parquet-shard.ts';

const FILE_ROWS = 5_000_000;
/** Processes that write files; more than two cores are not counted on. */
const WRITERS = 2;

/** The URL of record `at`: about 80 characters, as long as those of DataComp on average. */
export const urlOf = (at: number): string =>
  `https://cdn${at % 977}.images-${at % 8191}.example.com/uploads/20${10 + (at % 13)}/${(at * 2_654_435_761) % 4_294_967_291}/photo-${at}.jpg`;

export const digestOf = (at: number): string => hash('sha256', `content of ${at}`);

const captionOf = (at: number): string =>
  `Photograph number ${at}: ${at % 7} people in front of a house in street ${at % 4099}`;

const COLUMNS: readonly TextColumn[] = [
  { name: 'url', codec: 'SNAPPY', textOf: urlOf },
  { name: 'text', codec: 'ZSTD', textOf: captionOf },
  { name: 'sha256', codec: 'SNAPPY', textOf: digestOf },
];

/** Files that hold `count` records; what is there already is taken as it is. Written by processes of their own. */
export async function writeFiles(folder: string, count: number): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const files: string[] = [];
  const missing: string[] = [];
  for (let from = 0; from < count; from += FILE_ROWS) {
    const file = join(folder, `part-${from}-${Math.min(count, from + FILE_ROWS)}.parquet`);
    files.push(file);
    if (!existsSync(file)) missing.push(file);
  }
  await Promise.all(Array.from({ length: WRITERS }, () => writeAll(missing)));
  return files;
}

async function writeAll(missing: string[]): Promise<void> {
  for (let file = missing.shift(); file !== undefined; file = missing.shift()) {
    const child = spawn(process.execPath, [import.meta.filename, file], { stdio: 'inherit' });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`Expected ${file} to be written but its writer ended with ${code}.`);
  }
}

// As a process of its own: `node records.ts FILE` writes the rows that the file's name says.
const [, script, file] = process.argv;
if (script === import.meta.filename && file !== undefined) {
  const [, from = '', to = ''] = /part-(\d+)-(\d+)\.parquet$/.exec(file) ?? [];
  await writeShard(file, Number(from), Number(to), COLUMNS);
}
