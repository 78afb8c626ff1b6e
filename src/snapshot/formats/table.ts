/** One row of a table becomes a record, or a complaint that names the cell. */
import type {
  PerceptualAlgorithm,
  RecordedDigest,
  RecordedHash,
  SnapshotRecord,
} from '../../domain/index.ts';
import { parseDigest, shown } from '../digest.ts';
import { PERCEPTUAL_BYTES } from '../layout.ts';
import { sketchOfExtract } from '../sketch.ts';
import { canonicalUrl } from '../url.ts';
import type { Columns, DigestColumn } from './columns.ts';
import { readDate } from './dates.ts';
import type { Item } from './format.ts';

export type Cell = (column: string) => unknown;

export interface TableContext {
  readonly dataset: string;
  onSuspicion(reason: string): void;
}

/** Values that tables write for nothing. */
const BLANK = new Set(['', '-', 'null', 'NULL', 'None', 'nan', 'NaN', 'NA', '\\N']);
const isBlank = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (typeof value === 'string' && BLANK.has(value.trim())) ||
  Number.isNaN(value);

const isNumber = (value: unknown): boolean =>
  typeof value === 'number' ||
  typeof value === 'bigint' ||
  (typeof value === 'string' && /^-?\d{1,20}$/.test(value.trim()));

class BadCell extends Error {
  readonly column: string;
  readonly expected: string;
  readonly got: string;

  constructor(column: string, expected: string, got: unknown) {
    super(expected);
    this.column = column;
    this.expected = expected;
    this.got = shown(got);
  }
}

/** `row` is its number in the file. */
export function recordOf(row: number, cell: Cell, columns: Columns, context: TableContext): Item {
  try {
    return { row, record: build(cell, columns, context) };
  } catch (cause) {
    if (cause instanceof BadCell)
      return { row, column: cause.column, expected: cause.expected, got: cause.got };
    throw cause;
  }
}

function build(cell: Cell, columns: Columns, context: TableContext): SnapshotRecord {
  const url = cell(columns.url);
  if (typeof url !== 'string' || url.includes('\ufffd') || canonicalUrl(url) === undefined)
    throw new BadCell(columns.url, 'an absolute http or https URL', url);
  const digests = [
    ...columns.digests.flatMap((column) => readDigest(cell(column.column), column, context)),
    ...readList(cell, columns.lists.digests, digestOf),
  ];
  const perceptual = [
    ...columns.perceptual.flatMap(({ column, alg }) => readHash(cell(column), column, alg)),
    ...readList(cell, columns.lists.perceptual, hashOf),
    // A page's text is not kept, but for a sketch of it.
    ...sketchOfExtract(textOf(cell, columns.extract) ?? ''),
  ];
  const truncated = textOf(cell, columns.truncated);
  const said = textOf(cell, columns.note) ?? (truncated === null ? null : `truncated: ${truncated}`);
  const note = said ?? (digests.length === 0 && perceptual.length === 0 ? 'no digest recorded' : null);
  return {
    url,
    date: columns.date === undefined ? null : readDateCell(cell(columns.date), columns.date),
    dataset: textOf(cell, columns.dataset) ?? context.dataset,
    httpStatus: readStatus(cell, columns.status),
    digests,
    perceptual,
    label: textOf(cell, columns.label),
    note,
  };
}

function textOf(cell: Cell, column: string | undefined): string | null {
  const value = column === undefined ? null : cell(column);
  return isBlank(value) ? null : String(value);
}

function readDigest(
  value: unknown,
  { column, alg, scope }: DigestColumn,
  context: TableContext,
): RecordedDigest[] {
  if (isBlank(value)) return [];
  if (alg === undefined && isNumber(value)) {
    // LAION-5B's `hash` is mmh3 over URL and caption: a row key, which no content can match.
    context.onSuspicion(`column ${column} holds numbers: a key of the row and no digest of content`);
    return [];
  }
  if (typeof value !== 'string')
    throw new BadCell(
      column,
      `a digest${alg === undefined ? '' : ` (${alg})`} in text`,
      `${typeof value} ${shown(value)}`,
    );
  const parsed = parseDigest(value, { required: alg, usual: alg ?? 'sha1' });
  if ('expected' in parsed) throw new BadCell(column, parsed.expected, parsed.got);
  return [{ ...parsed, scope }];
}

function readHash(value: unknown, column: string, alg: PerceptualAlgorithm): RecordedHash[] {
  if (isBlank(value)) return [];
  const text = String(value).trim().toLowerCase();
  const digits = 2 * PERCEPTUAL_BYTES[alg];
  if (!/^[0-9a-f]+$/.test(text) || text.length !== digits)
    throw new BadCell(column, `${digits} hex digits (${alg})`, value);
  return [{ alg, value: text }];
}

/** A list in the shape that `snapshot lookup` prints, as JSON text or already parsed. */
function readList<T>(
  cell: Cell,
  column: string | undefined,
  read: (entry: Record<string, unknown>, column: string) => T[],
): T[] {
  const value = column === undefined ? undefined : cell(column);
  if (column === undefined || isBlank(value)) return [];
  const list: unknown = typeof value === 'string' ? tryJson(value) : value;
  if (!Array.isArray(list)) throw new BadCell(column, 'a list of { alg, value }', value);
  return list.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) throw new BadCell(column, '{ alg, value }', entry);
    return read(entry as Record<string, unknown>, column);
  });
}

const SCOPES = ['wire', 'entity', 'decoded', 'image', 'text', 'unknown'] as const;

function digestOf(entry: Record<string, unknown>, column: string): RecordedDigest[] {
  const scope = SCOPES.find((known) => known === entry['scope']) ?? 'unknown';
  const text = `${String(entry['alg'])}:${String(entry['value'])}`;
  const parsed = parseDigest(text);
  if ('expected' in parsed) throw new BadCell(column, parsed.expected, parsed.got);
  return [{ ...parsed, scope }];
}

function hashOf(entry: Record<string, unknown>, column: string): RecordedHash[] {
  const { alg, value } = entry;
  if (alg !== 'pdq' && alg !== 'phash' && alg !== 'minhash')
    throw new BadCell(column, 'alg pdq, phash or minhash', alg);
  return readHash(value, column, alg);
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readDateCell(value: unknown, column: string): string | null {
  if (isBlank(value)) return null;
  const date = readDate(value);
  if (date === undefined)
    throw new BadCell(column, 'a date: RFC 3339, 14 or 17 digits, or seconds since 1970', value);
  return date;
}

/** img2dataset's `status` says how a download went; that is no HTTP status. */
function readStatus(cell: Cell, column: string | undefined): number | null {
  const value = column === undefined ? null : cell(column);
  if (column === undefined || isBlank(value)) return null;
  const text = String(value);
  if (/^[a-z_]+$/.test(text)) return null;
  if (!/^[1-9]\d\d$/.test(text)) throw new BadCell(column, 'an HTTP status of three digits', value);
  return Number(text);
}
