/** CDX with spaces: files with a header line (CDX 9 and 11), and the answers of a Wayback CDX server, as text and as JSON. */
import { shown } from '../digest.ts';
import { archiveItem } from './archive-line.ts';
import type { Batch, Item, ReadOptions } from './format.ts';
import { readLines } from './lines.ts';

/** Field letters of a header line. @see https://archive.org/web/researcher/cdx_legend.php */
const LETTERS: Readonly<Record<string, string>> = {
  N: 'urlkey',
  a: 'url',
  b: 'timestamp',
  m: 'mime',
  s: 'status',
  k: 'digest',
  g: 'filename',
};
/** Fields of a CDX server that were not asked for by name. */
const SERVER_FIELDS = ['urlkey', 'timestamp', 'original', 'mimetype', 'statuscode', 'digest', 'length'];
const SERVER_NAMES: Readonly<Record<string, string>> = {
  original: 'url',
  mimetype: 'mime',
  statuscode: 'status',
};

interface State {
  names: readonly string[];
  delimiter: string;
  /** The server puts a key for its next page behind an empty line. */
  ended: boolean;
}

export async function* readCdx(path: string, options: ReadOptions): AsyncGenerator<Batch> {
  const state: State = { names: named(SERVER_FIELDS), delimiter: ' ', ended: false };
  for await (const { lines, first, position } of readLines(path, options.signal)) {
    const items: Item[] = [];
    for (const [at, line] of lines.entries()) {
      const item = readLine(first + at, line, state, options.dataset);
      if (item !== undefined && item.row > options.after) items.push(item);
    }
    yield { items, position };
  }
}

function readLine(row: number, line: string, state: State, dataset: string): Item | undefined {
  const header = /^(.)CDX(\1[A-Za-z])+\s*$/.exec(line);
  if (header !== null) {
    state.delimiter = header[1] ?? ' ';
    const letters = line.trim().split(state.delimiter).slice(1);
    state.names = letters.map((letter) => LETTERS[letter] ?? '');
    return undefined;
  }
  if (line.trim() === '') state.ended = true;
  if (line.trim() === '' || state.ended) return undefined;
  const values = line.trimStart().startsWith('[') ? jsonRow(line) : line.trim().split(state.delimiter);
  if (values === undefined) return { row, expected: 'a row of a CDX server in JSON', got: shown(line) };
  if (values.length < 2) {
    state.ended = true;
    return undefined;
  }
  if (values[0] === 'urlkey' || values.includes('original')) {
    state.names = named(values);
    return undefined;
  }
  if (values.length < state.names.length)
    return { row, expected: `${state.names.length} fields of CDX`, got: shown(line) };
  const fields = Object.fromEntries(
    state.names.map((name, at) => [name, values[at]]).filter(([, value]) => value !== '-'),
  );
  return archiveItem(row, fields, dataset);
}

const named = (fields: readonly string[]): string[] => fields.map((field) => SERVER_NAMES[field] ?? field);

/** The server writes `[[...],` LF `[...]]`: a row a line. */
function jsonRow(line: string): string[] | undefined {
  const text = line.trim().replace(/,$/, '');
  const row = text.startsWith('[[') ? text.slice(1) : text;
  if (row === '' || row === ']') return [];
  for (const candidate of [row, row.slice(0, -1)]) {
    try {
      const value: unknown = JSON.parse(candidate);
      if (Array.isArray(value)) return value.map(String);
    } catch {
      // The last row carries the bracket of the whole list.
    }
  }
  return undefined;
}
