/** The result as a Parquet table, written when a run ends. */
import { rename } from 'node:fs/promises';
import { fileWriter, parquetWriteRows } from 'hyparquet-writer';
import type { Row } from './row.ts';
import { rowsOf } from './state.ts';

const COLUMNS = [
  { name: 'url', type: 'STRING' },
  { name: 'final_url', type: 'STRING' },
  { name: 'status', type: 'INT32', nullable: true },
  { name: 'media_type', type: 'STRING' },
  { name: 'bytes', type: 'INT64' },
  { name: 'sha256', type: 'STRING', nullable: true },
  { name: 'verdict', type: 'STRING', nullable: true },
  { name: 'action', type: 'STRING', nullable: true },
  { name: 'id', type: 'STRING', nullable: true },
  { name: 'error', type: 'STRING' },
  { name: 'fetched_at', type: 'STRING' },
] as const satisfies ReadonlyArray<{ name: keyof Row; type: string; nullable?: boolean }>;

/** Rows held at a time; 100 000 are about 60 MB. */
const GROUP = 100_000;

/** Turn the state file into `file`. It appears whole or not at all. */
export async function writeTable(stateFile: string, file: string): Promise<void> {
  const partial = `${file}.partial`;
  await parquetWriteRows({
    writer: fileWriter(partial),
    columns: [...COLUMNS],
    rows: typed(rowsOf(stateFile)),
    rowGroupSize: GROUP,
  });
  await rename(partial, file);
}

/** 64-bit columns take only bigints. */
async function* typed(rows: AsyncIterable<Row>): AsyncGenerator<Omit<Row, 'bytes'> & { bytes: bigint }> {
  for await (const row of rows) yield { ...row, bytes: BigInt(row.bytes) };
}
