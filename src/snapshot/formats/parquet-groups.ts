/** The row groups of a Parquet file, only the columns that a record needs; every codec. */
import { type FileHandle, open } from 'node:fs/promises';
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  type SchemaElement,
} from 'hyparquet';
import { type Bytes, ForetasteError } from '../../domain/index.ts';
import { KEY_BYTES } from '../key.ts';
import type { Layout } from '../layout.ts';
import { payloadWidth } from '../layout.ts';
import { packRow } from '../pack.ts';
import { readAt } from '../read-at.ts';
import { type Columns, type DigestColumn, findColumns } from './columns.ts';
import type { Batch, Item, ReadOptions } from './format.ts';
import { unreadable } from './lines.ts';
import { compressors } from './parquet-codecs.ts';
import { recordOf } from './table.ts';

/** Rows handed over at once: small enough to stop soon, large enough to cost nothing. */
const SLICE = 16_384;
/**
 * Limits of one row group, which is held whole while it is read. Writers make groups of 0.1 to 1 million rows, pandas once 64
 * million bytes; a file that claims more than this is broken or hostile.
 */
const MOST_ROWS = 2 ** 24;
const MOST_BYTES: Bytes = 2 ** 30;

/** One decoded column of a group; text as the octets that stand in the file. */
type Column = ArrayLike<unknown>;

/** Which row groups of a file: `first`, and each `stride` after it. */
export interface Share {
  readonly first: number;
  readonly stride: number;
}

export type GroupOptions = Pick<
  ReadOptions,
  'dataset' | 'columns' | 'labels' | 'texts' | 'after' | 'onSuspicion'
>;

/**
 * Batches of the groups of a share, in order; `undefined` ends a group, also one that was imported before.
 * Throws ForetasteError `import` for a file that is no Parquet, lacks a column, or claims more than its limits.
 */
export async function* readGroups(
  path: string,
  options: GroupOptions,
  share: Share,
): AsyncGenerator<Batch | undefined> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const file = bufferOf(handle, size);
    const metadata = await parquetMetadataAsync(file).catch((cause: unknown) => {
      throw unreadable(path, cause);
    });
    const elements = flatColumns(metadata);
    const columns = findColumns([...elements.keys()], options, path);
    const wanted = namesOf(columns);
    let groupStart = 0;
    for (const [number, group] of metadata.row_groups.entries()) {
      const rows = Number(group.num_rows);
      if (number % share.stride === share.first) {
        if (groupStart + rows > options.after) {
          checkGroup(metadata, number, wanted, size, path);
          const data = await readGroup(file, metadata, wanted, groupStart, rows);
          for (let from = Math.max(0, options.after - groupStart); from < rows; from += SLICE) {
            const to = Math.min(rows, from + SLICE);
            const position = (size * (groupStart + to)) / Number(metadata.num_rows);
            yield { ...sliceOf({ data, elements, columns, groupStart, from, to }, options), position };
          }
        }
        yield undefined;
      }
      groupStart += rows;
    }
  } finally {
    await handle.close();
  }
}

const bufferOf = (handle: FileHandle, byteLength: number): AsyncBuffer => ({
  byteLength,
  slice: async (start, end = byteLength) => {
    const from = start < 0 ? byteLength + start : start;
    const bytes = await readAt(handle, from, Math.max(0, end - from));
    // A view would be read from the start of the memory it shares.
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  },
});

/** Columns that hold one plain value a row; nested ones hold nothing a record could use. */
function flatColumns(metadata: FileMetaData): Map<string, SchemaElement> {
  const flat = parquetSchema(metadata).children.filter(
    ({ children, element }) => children.length === 0 && element.repetition_type !== 'REPEATED',
  );
  return new Map(flat.map(({ element }) => [element.name, element]));
}

const namesOf = (columns: Columns): string[] => {
  const { url, digests, perceptual, label, date, status, dataset, note, extract, truncated, lists } = columns;
  const single = [
    url,
    label,
    date,
    status,
    dataset,
    note,
    extract,
    truncated,
    lists.digests,
    lists.perceptual,
  ];
  return [
    ...new Set([
      ...single,
      ...digests.map(({ column }) => column),
      ...perceptual.map(({ column }) => column),
    ]),
  ].filter((name) => name !== undefined);
};

/** The file's own claims decide how much memory its reader asks for, so they are checked first. */
function checkGroup(
  metadata: FileMetaData,
  number: number,
  wanted: readonly string[],
  size: Bytes,
  path: string,
): void {
  const group = metadata.row_groups[number];
  const where = `row group ${number + 1} of ${path}`;
  const rows = Number(group?.num_rows ?? 0);
  if (!(rows >= 0 && rows <= MOST_ROWS))
    throw new ForetasteError('import', `Expected at most ${MOST_ROWS} rows but found ${rows} in ${where}.`);
  for (const { meta_data: meta } of group?.columns ?? []) {
    if (meta === undefined || !wanted.includes(meta.path_in_schema.join('.'))) continue;
    const bytes = Number(meta.total_uncompressed_size);
    if (bytes > MOST_BYTES)
      throw new ForetasteError(
        'import',
        `Expected at most ${MOST_BYTES} octets a column but found ${bytes} in ${where}.`,
      );
    if (Number(meta.num_values) !== rows || Number(meta.total_compressed_size) > size)
      throw new ForetasteError(
        'import',
        `Expected ${rows} values in column ${meta.path_in_schema.join('.')} but found ${meta.num_values} in ${where}.`,
      );
  }
}

async function readGroup(
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: string[],
  rowStart: number,
  rows: number,
): Promise<Map<string, Column>> {
  const parts = new Map<string, Column[]>();
  await parquetRead({
    file,
    metadata,
    columns,
    rowStart,
    rowEnd: rowStart + rows,
    compressors,
    utf8: false,
    parsers: { stringFromBytes: (bytes) => bytes, jsonFromBytes: (bytes) => bytes },
    onChunk: ({ columnName, columnData }) => {
      const known = parts.get(columnName);
      if (known === undefined) parts.set(columnName, [columnData]);
      else known.push(columnData);
    },
  });
  return new Map(
    [...parts].map(([name, chunks]) => [
      name,
      chunks.length === 1 ? (chunks[0] ?? []) : chunks.flatMap((chunk) => Array.from(chunk)),
    ]),
  );
}

interface Slice {
  readonly data: ReadonlyMap<string, Column>;
  readonly elements: ReadonlyMap<string, SchemaElement>;
  readonly columns: Columns;
  readonly groupStart: number;
  readonly from: number;
  readonly to: number;
}

/** Rows in their plain form are packed, the others read one by one. */
function sliceOf(slice: Slice, options: GroupOptions): Omit<Batch, 'position'> {
  const { columns, groupStart, from, to } = slice;
  const layout = packable(columns, options);
  if (layout === undefined) return { items: longWay(slice, from, to, options) };
  const width = KEY_BYTES + payloadWidth(layout);
  // Not from the pool: the memory goes to another thread whole.
  const rows = Buffer.allocUnsafeSlow((to - from) * width);
  const numbers = new Uint32Array(to - from);
  const labels: string[] | undefined = layout.text ? [] : undefined;
  const urls = slice.data.get(columns.url) ?? [];
  const digests = columns.digests.map(({ column }) => slice.data.get(column) ?? []);
  const texts = columns.label === undefined ? [] : (slice.data.get(columns.label) ?? []);
  const algorithms = layout.digests.map(({ alg }) => alg);
  const values: unknown[] = [];
  const items: Item[] = [];
  let packed = 0;
  for (let row = from; row < to; row++) {
    for (let at = 0; at < digests.length; at++) values[at] = digests[at]?.[row];
    const label = texts[row];
    if (
      (labels === undefined || label instanceof Uint8Array) &&
      packRow(urls[row], values, algorithms, rows, packed * width)
    ) {
      if (label instanceof Uint8Array) labels?.push(utf8.decode(label));
      numbers[packed++] = groupStart + row + 1;
    } else items.push(...longWay(slice, row, row + 1, options));
  }
  return {
    items,
    packed: { layout, rows: rows.subarray(0, packed * width), numbers: numbers.subarray(0, packed), labels },
  };
}

/** The layout of a table that holds nothing but URLs, digests of known algorithms, and captions. */
function packable(columns: Columns, { dataset, labels }: GroupOptions): Layout | undefined {
  const { digests, perceptual, label, date, status, note, extract, truncated, lists } = columns;
  const known = digests.flatMap(({ alg, scope }) => (alg === undefined ? [] : [{ alg, scope }]));
  const other = [
    date,
    status,
    note,
    extract,
    truncated,
    columns.dataset,
    lists.digests,
    lists.perceptual,
    ...perceptual,
  ];
  if (known.length === 0 || known.length !== digests.length || other.some((column) => column !== undefined))
    return undefined;
  return {
    dataset,
    digests: known,
    perceptual: [],
    date: 'none',
    status: false,
    note: null,
    text: labels && label !== undefined,
  };
}

const utf8 = new TextDecoder();

function longWay(
  { data, elements, columns, groupStart }: Slice,
  from: number,
  to: number,
  options: GroupOptions,
): Item[] {
  const binary = new Map(columns.digests.map((column) => [column.column, column]));
  const items: Item[] = [];
  for (let row = from; row < to; row++) {
    const cell = (name: string): unknown => {
      const value = data.get(name)?.[row];
      if (!(value instanceof Uint8Array)) return value;
      return isRaw(value, elements.get(name), binary.get(name))
        ? Buffer.from(value).toString('hex')
        : utf8.decode(value);
    };
    items.push(recordOf(groupStart + row + 1, cell, columns, options));
  }
  return items;
}

/** A digest kept as octets and not as text. */
const isRaw = (
  value: Uint8Array,
  element: SchemaElement | undefined,
  column: DigestColumn | undefined,
): boolean =>
  column !== undefined &&
  element?.converted_type !== 'UTF8' &&
  [16, 20, 32, 64].includes(value.length) &&
  !/^[\w+/=:-]+$/.test(utf8.decode(value));
