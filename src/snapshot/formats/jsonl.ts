/** JSON Lines: an object a line. The shape that `snapshot lookup` prints reads back; so do img2dataset, MMC4 and C4 files. */
import { shown } from '../digest.ts';
import { type Columns, columnsOf } from './columns.ts';
import type { Batch, Item, ReadOptions } from './format.ts';
import { readLines } from './lines.ts';
import { recordOf } from './table.ts';

export async function* readJsonl(path: string, options: ReadOptions): AsyncGenerator<Batch> {
  let columns: Columns | undefined;
  let known: string | undefined;
  for await (const { lines, first, position } of readLines(path, options.signal)) {
    const items: Item[] = [];
    for (const [at, line] of lines.entries()) {
      const row = first + at;
      if (row <= options.after || line.trim() === '') continue;
      const object = parseObject(line);
      if (object === undefined) {
        items.push({ row, expected: 'one JSON object a line', got: shown(line) });
        continue;
      }
      // Objects may differ in their keys, so the columns follow the object and not the first line.
      const keys = Object.keys(object);
      const header = keys.join('\u0000');
      if (header !== known) {
        columns = columnsOf(keys, options);
        known = header;
      }
      if (columns === undefined)
        items.push({ row, expected: 'an object with a URL', got: shown(`keys ${keys.join(', ')}`) });
      else items.push(recordOf(row, (column) => object[column], columns, options));
    }
    yield { items, position };
  }
}

/** Undefined: not JSON, or not an object. */
export function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
