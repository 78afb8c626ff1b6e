/** CDXJ: `key SP 14 or 17 digits SP JSON`, as Common Crawl, pywb and the Webrecorder specification write it; ZipNum blocks too. */
import { shown } from '../digest.ts';
import { archiveItem } from './archive-line.ts';
import type { Batch, Item, ReadOptions } from './format.ts';
import { parseObject } from './jsonl.ts';
import { readLines } from './lines.ts';

const LINE = /^(\S+) (\d{4,17}) (\{.*\})\s*$/s;

export async function* readCdxj(path: string, options: ReadOptions): AsyncGenerator<Batch> {
  for await (const { lines, first, position } of readLines(path, options.signal)) {
    const items: Item[] = [];
    for (const [at, line] of lines.entries()) {
      const row = first + at;
      // pywb and OpenWayback open a file with lines that begin with `!`; they describe the file.
      if (row <= options.after || line === '' || line.startsWith('!')) continue;
      const [, , timestamp, json = ''] = LINE.exec(line) ?? [];
      const fields = parseObject(json);
      items.push(
        fields === undefined
          ? { row, expected: 'a key, a date of 14 digits and a JSON object', got: shown(line) }
          : archiveItem(row, { ...fields, timestamp }, options.dataset),
      );
    }
    yield { items, position };
  }
}
