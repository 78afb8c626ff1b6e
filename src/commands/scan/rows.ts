/** Rows of a corpus in JSON Lines or Parquet: text or picture octets in a column, beside URL and caption. */
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parseObject } from '../../snapshot/formats/jsonl.ts';
import { readLines } from '../../snapshot/formats/lines.ts';
import { httpUrl, labelOf, type ScanLimits, type Scanned, tooLarge } from './item.ts';

/** Columns by the names that img2dataset, Hugging Face, LAION, FineWeb, C4 and The Stack give them; the first that is there counts. */
const TEXT = ['text', 'content', 'code', 'raw_content'];
const PICTURE = ['image', 'jpg', 'jpeg', 'png', 'webp', 'bytes', 'img'];
const URLS = ['url', 'URL', 'image_url', 'source_url', 'link'];
const CAPTIONS = ['caption', 'TEXT', 'alt_text', 'label'];

/** Rows of Parquet that are decoded at once: pictures in them are held whole. */
const ROWS_AT_ONCE = 256;

type Row = Readonly<Record<string, unknown>>;

export async function* scanLines(
  path: string,
  limits: ScanLimits,
  signal: AbortSignal,
): AsyncGenerator<Scanned> {
  for await (const { lines, first } of readLines(path, signal)) {
    for (const [at, line] of lines.entries()) {
      if (line.trim() === '') continue;
      const where = `${path}:${first + at}`;
      const row = parseObject(line);
      yield row === undefined
        ? { where, expected: 'one JSON object a line', got: line.slice(0, 60) }
        : itemOf(where, row, limits);
    }
  }
}

export async function* scanParquet(path: string, limits: ScanLimits): AsyncGenerator<Scanned> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const total = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < total; rowStart += ROWS_AT_ONCE) {
    const rowEnd = Math.min(total, rowStart + ROWS_AT_ONCE);
    const rows = await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd, utf8: false });
    for (const [at, row] of rows.entries()) yield itemOf(`${path}:${rowStart + at + 1}`, row, limits);
  }
}

function itemOf(where: string, row: Row, limits: ScanLimits): Scanned {
  const url = httpUrl(textOf(firstOf(row, URLS)));
  const picture = octetsOf(firstOf(row, PICTURE));
  const bytes = picture ?? encoded(textOf(firstOf(row, TEXT)));
  if (bytes === undefined)
    return {
      where,
      expected: `content in one of ${[...TEXT, ...PICTURE].join(', ')}`,
      got: `columns ${Object.keys(row).join(', ')}`,
    };
  if (bytes.length > limits.body) return tooLarge(where, bytes.length, limits);
  return picture === undefined
    ? { where, ...url, mediaType: 'text/plain', bytes }
    : { where, ...url, ...labelOf(textOf(firstOf(row, CAPTIONS))), mediaType: '', bytes };
}

const firstOf = (row: Row, names: readonly string[]): unknown =>
  names.map((name) => row[name]).find((value) => value !== undefined && value !== null);

/** Text columns that a writer did not mark as text come as octets. */
const textOf = (value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value;

/** Octets, or Hugging Face's `{ bytes, path }` of them. */
function octetsOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  return typeof value === 'object' && value !== null && 'bytes' in value ? octetsOf(value.bytes) : undefined;
}

const encoded = (value: unknown): Uint8Array | undefined =>
  typeof value === 'string' && value !== '' ? Buffer.from(value) : undefined;
