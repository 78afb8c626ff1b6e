/** Records in the shape of DataComp: URL, caption, SHA-256, in Parquet files of a million rows. */
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { type ColumnSource, fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';

const FILE_ROWS = 1_000_000;
/** As DuckDB writes them. */
const GROUP_ROWS = 122_880;

/** The URL of record `at`: about 80 characters, as long as those of DataComp on average. */
export const urlOf = (at: number): string =>
  `https://cdn${at % 977}.images-${at % 8191}.example.com/uploads/20${10 + (at % 13)}/${(at * 2_654_435_761) % 4_294_967_291}/photo-${at}.jpg`;

export const digestOf = (at: number): string => hash('sha256', `content of ${at}`);

const captionOf = (at: number): string =>
  `Photograph number ${at}: ${at % 7} people in front of a house in street ${at % 4099}`;

/** Files that hold `count` records; what is there already is taken as it is. */
export async function writeFiles(folder: string, count: number): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const files: string[] = [];
  for (let from = 0; from < count; from += FILE_ROWS) {
    const to = Math.min(count, from + FILE_ROWS);
    const file = join(folder, `part-${from}-${to}.parquet`);
    if (!existsSync(file)) await writeFile(file, from, to);
    files.push(file);
  }
  return files;
}

async function writeFile(file: string, from: number, to: number): Promise<void> {
  const first = groupOf(from, Math.min(to, from + 1));
  const writer = new ParquetWriter({
    writer: fileWriter(`${file}.next`),
    schema: schemaFromColumnData({ columnData: first }),
  });
  for (let at = from; at < to; at += GROUP_ROWS)
    await writer.write({ columnData: groupOf(at, Math.min(to, at + GROUP_ROWS)), rowGroupSize: GROUP_ROWS });
  await writer.finish();
  renameSync(`${file}.next`, file);
}

function groupOf(from: number, to: number): ColumnSource[] {
  const rows = Array.from({ length: to - from }, (_, row) => from + row);
  return [
    { name: 'url', data: rows.map(urlOf), type: 'STRING' },
    { name: 'text', data: rows.map(captionOf), type: 'STRING' },
    { name: 'sha256', data: rows.map(digestOf), type: 'STRING' },
  ];
}
