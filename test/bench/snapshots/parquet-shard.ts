/** Parquet files of text columns, written page by page: a hundred million rows in minutes, which values one by one would take for hours. */
import { renameSync } from 'node:fs';
import { zstdCompressSync } from 'node:zlib';
import { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { snappyCompress } from 'hyparquet-writer/src/snappy.js';

/** As DuckDB writes them. */
const GROUP_ROWS = 122_880;
/** About 1 MiB of URLs, the usual size of a page. */
const PAGE_ROWS = 12_288;
const LONGEST = 512;

export interface TextColumn {
  readonly name: string;
  readonly codec: 'SNAPPY' | 'ZSTD';
  /** ASCII, at most 512 characters. */
  textOf(row: number): string;
}

type Compress = (content: Uint8Array) => Uint8Array;
const COMPRESS: Readonly<Record<TextColumn['codec'], Compress>> = {
  SNAPPY: snappyCompress,
  ZSTD: (content) => zstdCompressSync(content, { params: { 100: 1 } }),
};

/** Write rows `from` up to `to`, not included. The file appears when it is whole. */
export async function writeShard(
  file: string,
  from: number,
  to: number,
  columns: readonly TextColumn[],
): Promise<void> {
  const writer = fileWriter(`${file}.next`);
  const empty = columns.map(({ name }) => ({ name, data: [], type: 'STRING' as const }));
  const parquet = new ParquetWriter({ writer, schema: schemaFromColumnData({ columnData: empty }) });
  const page = Buffer.allocUnsafe(PAGE_ROWS * (LONGEST + 4));
  for (let group = from; group < to; group += GROUP_ROWS) {
    const end = Math.min(to, group + GROUP_ROWS);
    const start = writer.offset;
    const chunks = columns.map((column) => {
      const offset = writer.offset;
      let uncompressed = 0;
      for (let row = group; row < end; row += PAGE_ROWS)
        uncompressed += writePage(writer, page, column, row, Math.min(end, row + PAGE_ROWS));
      return {
        meta_data: {
          type: 'BYTE_ARRAY' as const,
          encodings: ['PLAIN' as const],
          path_in_schema: [column.name],
          codec: column.codec,
          num_values: BigInt(end - group),
          total_compressed_size: BigInt(writer.offset - offset),
          total_uncompressed_size: BigInt(uncompressed),
          data_page_offset: BigInt(offset),
        },
        file_offset: BigInt(offset),
      };
    });
    parquet.num_rows += BigInt(end - group);
    parquet.row_groups.push({
      columns: chunks,
      num_rows: BigInt(end - group),
      total_byte_size: chunks.reduce((sum, { meta_data }) => sum + meta_data.total_uncompressed_size, 0n),
      total_compressed_size: BigInt(writer.offset - start),
    });
  }
  await parquet.finish();
  renameSync(`${file}.next`, file);
}

/** Returns its octets before compression. @see Apache Parquet, "Data pages", version 2 */
function writePage(
  writer: ReturnType<typeof fileWriter>,
  page: Buffer,
  { codec, textOf }: TextColumn,
  from: number,
  to: number,
): number {
  let at = 0;
  for (let row = from; row < to; row++) {
    const length = page.write(textOf(row), at + 4, 'latin1');
    page.writeUInt32LE(length, at);
    at += 4 + length;
  }
  const rows = to - from;
  const levels = allPresent(rows);
  const compressed = COMPRESS[codec](page.subarray(0, at));
  writePageHeader(writer, {
    type: 'DATA_PAGE_V2',
    uncompressed_page_size: levels.length + at,
    compressed_page_size: levels.length + compressed.length,
    data_page_header_v2: {
      num_values: rows,
      num_nulls: 0,
      num_rows: rows,
      encoding: 'PLAIN',
      definition_levels_byte_length: levels.length,
      repetition_levels_byte_length: 0,
      is_compressed: true,
    },
  });
  writer.appendBytes(levels);
  writer.appendBytes(compressed);
  return levels.length + at;
}

/** Definition levels of so many values that are there: one run of ones. */
function allPresent(rows: number): Uint8Array {
  const octets: number[] = [];
  for (let rest = rows * 2; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...octets, rest, 1]);
    octets.push((rest % 128) + 128);
  }
}
