/** Dates as archives and datasets write them. */
import type { Timestamp } from '../../domain/index.ts';

/** Below: seconds; above: milliseconds (1e11 seconds would be the year 5138), then micro- and nanoseconds as Parquet writers use them. */
const LARGEST_SECONDS = 1e11;
const FIRST: number = Date.UTC(1900, 0, 1);
const LAST: number = Date.UTC(2200, 0, 1);

/** 14 or 17 digits (CDX), a prefix of them from the year on, RFC 3339 and its kin, a Date, or a number since 1970. */
export function readDate(value: unknown): Timestamp | undefined {
  if (value instanceof Date) return within(value.getTime());
  if (typeof value === 'bigint' || typeof value === 'number') return within(sinceEpoch(Number(value)));
  const text = String(value).trim();
  if (/^\d{4}(\d\d){0,5}(\d{3})?$/.test(text) && text.length !== 10 && text.length <= 17)
    return fromDigits(text);
  if (/^\d{9,19}(\.\d+)?$/.test(text)) return within(sinceEpoch(Number(text)));
  if (!/^\d{4}-\d\d/.test(text) && !/^[A-Z][a-z]{2}, \d/.test(text)) return undefined;
  const zoned = /[zZ]$|[+-]\d\d:?\d\d$|GMT$|^\d{4}-\d\d(-\d\d)?$/.test(text) ? text : `${text}Z`;
  return within(Date.parse(zoned.replace(/^(\d{4}-\d\d-\d\d) /, '$1T').replace(/ UTCZ$/, 'Z')));
}

function fromDigits(text: string): Timestamp | undefined {
  const part = (from: number, length: number, missing: string): string =>
    text.slice(from, from + length) || missing;
  const iso = `${text.slice(0, 4)}-${part(4, 2, '01')}-${part(6, 2, '01')}T${part(8, 2, '00')}:${part(10, 2, '00')}:${part(12, 2, '00')}`;
  return within(Date.parse(`${iso}.${part(14, 3, '000')}Z`));
}

function sinceEpoch(value: number): number {
  let scaled = Math.abs(value) < LARGEST_SECONDS ? value * 1000 : value;
  while (Math.abs(scaled) >= LARGEST_SECONDS * 1000) scaled /= 1000;
  return Math.trunc(scaled);
}

const within = (at: number): Timestamp | undefined =>
  at >= FIRST && at < LAST ? new Date(at).toISOString() : undefined;
