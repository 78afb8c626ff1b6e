/** One capture of a web archive's index, whatever syntax it came in, becomes a record. */
import type { DigestScope, RecordedDigest } from '../../domain/index.ts';
import { parseDigest, shown } from '../digest.ts';
import { canonicalUrl } from '../url.ts';
import { readDate } from './dates.ts';
import type { Item } from './format.ts';

/** Fields by their CDXJ names, `timestamp` among them; absent ones were not recorded. */
export function archiveItem(row: number, fields: Readonly<Record<string, unknown>>, dataset: string): Item {
  const { url, timestamp, status, digest } = fields;
  const date = /^\d{4,17}$/.test(String(timestamp)) ? readDate(String(timestamp)) : undefined;
  if (date === undefined)
    return { row, column: 'timestamp', expected: 'a date of 14 or 17 digits', got: shown(timestamp) };
  if (typeof url !== 'string' || url.includes('\ufffd') || canonicalUrl(url) === undefined)
    return { row, column: 'url', expected: 'an absolute http or https URL', got: shown(url) };
  const httpStatus = readStatus(status);
  if (httpStatus === undefined)
    return { row, column: 'status', expected: 'an HTTP status of three digits', got: shown(status) };
  const digests: RecordedDigest[] = [];
  if (digest !== undefined && digest !== '-' && digest !== '') {
    const parsed = parseDigest(String(digest), { usual: 'sha1' });
    if ('expected' in parsed) return { row, column: 'digest', ...parsed };
    digests.push({ ...parsed, scope: scopeOf(fields) });
  }
  return {
    row,
    record: { url, date, dataset, httpStatus, digests, perceptual: [], label: null, note: noteOf(fields) },
  };
}

/** A revisit has the digest of the capture that it repeats, whose form nobody recorded here. */
function noteOf({ truncated, mime, digest }: Readonly<Record<string, unknown>>): string | null {
  if (typeof truncated === 'string' && truncated !== '') return `truncated: ${truncated}`;
  if (mime === 'warc/revisit') return 'revisit';
  return digest === undefined ? 'no digest recorded' : null;
}

/** Common Crawl digests the body with all codings removed; others what the WARC holds, as a rule the entity. */
const scopeOf = (fields: Readonly<Record<string, unknown>>): DigestScope =>
  /(^|\/)crawl-data\/CC-/.test(String(fields['filename'] ?? '')) ? 'decoded' : 'entity';

/** Null: none was recorded. Undefined: something else stands there. */
function readStatus(value: unknown): number | null | undefined {
  if (value === undefined || value === null || value === '-' || value === '') return null;
  return /^[1-9]\d\d$/.test(String(value)) ? Number(value) : undefined;
}
