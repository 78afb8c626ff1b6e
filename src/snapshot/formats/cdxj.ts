/** CDXJ: `key SP 14 or 17 digits SP JSON`, as Common Crawl, pywb and the Webrecorder specification write it; ZipNum blocks too. */
import type { DigestScope, RecordedDigest } from '../../domain/index.ts';
import { parseDigest, shown } from '../digest.ts';
import { canonicalUrl } from '../url.ts';
import { readDate } from './dates.ts';
import type { Batch, Item, ReadOptions } from './format.ts';
import { readLines } from './lines.ts';

const LINE = /^(\S+) (\d{4,17}) (\{.*\})\s*$/s;

export async function* readCdxj(path: string, options: ReadOptions): AsyncGenerator<Batch> {
  for await (const { lines, first, position } of readLines(path, options.signal)) {
    const items: Item[] = [];
    for (const [at, line] of lines.entries()) {
      const row = first + at;
      // pywb and OpenWayback open a file with lines that begin with `!`; they describe the file.
      if (row <= options.after || line === '' || line.startsWith('!')) continue;
      items.push(itemOf(row, line, options.dataset));
    }
    yield { items, position };
  }
}

function itemOf(row: number, line: string, dataset: string): Item {
  const [, , digits, json] = LINE.exec(line) ?? [];
  const fields = json === undefined ? undefined : parseFields(json);
  if (digits === undefined || fields === undefined)
    return { row, expected: 'key, date of 14 digits and a JSON object', got: shown(line) };
  const date = readDate(digits);
  if (date === undefined)
    return { row, column: 'timestamp', expected: 'a date of 14 or 17 digits', got: digits };
  const { url, status, digest } = fields;
  if (typeof url !== 'string' || url.includes('\ufffd') || canonicalUrl(url) === undefined)
    return { row, column: 'url', expected: 'an absolute http or https URL', got: shown(url) };
  const httpStatus = readStatus(status);
  if (httpStatus === undefined)
    return { row, column: 'status', expected: 'an HTTP status of three digits', got: shown(status) };
  const digests: RecordedDigest[] = [];
  if (digest !== undefined && digest !== '-' && digest !== '') {
    const parsed = parseDigest(String(digest), { usual: 'sha1' });
    if ('expected' in parsed) return { row, column: 'digest', expected: parsed.expected, got: parsed.got };
    digests.push({ ...parsed, scope: scopeOf(fields) });
  }
  return {
    row,
    record: { url, date, dataset, httpStatus, digests, perceptual: [], label: null, note: noteOf(fields) },
  };
}

/** A revisit has the digest of the capture that it repeats, whose form nobody recorded here. */
function noteOf({ truncated, mime, digest }: Record<string, unknown>): string | null {
  if (typeof truncated === 'string' && truncated !== '') return `truncated: ${truncated}`;
  if (mime === 'warc/revisit') return 'revisit';
  return digest === undefined ? 'no digest recorded' : null;
}
/** Common Crawl digests the body with all codings removed; others what the WARC holds, as a rule the entity. */
const scopeOf = (fields: Record<string, unknown>): DigestScope =>
  /(^|\/)crawl-data\/CC-/.test(String(fields['filename'] ?? '')) ? 'decoded' : 'entity';

/** Null: none was recorded. Undefined: something else stands there. */
function readStatus(value: unknown): number | null | undefined {
  if (value === undefined || value === null || value === '-' || value === '') return null;
  return /^[1-9]\d\d$/.test(String(value)) ? Number(value) : undefined;
}

function parseFields(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
