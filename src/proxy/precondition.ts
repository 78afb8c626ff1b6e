/** Preconditions of a request, answered from a representation that is held whole (RFC 9110, section 13). */
import { type Fields, field, fieldValues } from '../domain/exchange.ts';
import type { Milliseconds } from '../domain/units.ts';

/** What becomes of a request: go on, or answer with a status that has no content. */
export type PreconditionResult = 'go-on' | 304 | 412;

/** Section 13.2.2, in its order. Only for responses that would be 200 without preconditions. */
export function evaluatePreconditions(method: string, request: Fields, response: Fields): PreconditionResult {
  const etag = field(response, 'etag');
  const modified = date(field(response, 'last-modified'));
  const safe = method === 'GET' || method === 'HEAD';

  const match = fieldValues(request, 'if-match');
  const unmodifiedSince = date(field(request, 'if-unmodified-since'));
  if (match.length > 0) {
    if (!matches(match, etag, strongly)) return 412;
  } else if (unmodifiedSince !== undefined && modified !== undefined && modified > unmodifiedSince)
    return 412;

  const noneMatch = fieldValues(request, 'if-none-match');
  const modifiedSince = date(field(request, 'if-modified-since'));
  if (noneMatch.length > 0) {
    if (matches(noneMatch, etag, weakly)) return safe ? 304 : 412;
  } else if (safe && modifiedSince !== undefined && modified !== undefined && modified <= modifiedSince)
    return 304;
  return 'go-on';
}

/** Section 13.1.5: whether a Range still speaks of this representation. */
export function evaluateIfRange(request: Fields, response: Fields): boolean {
  const condition = field(request, 'if-range');
  if (condition === undefined) return true;
  if (condition.includes('"')) {
    const etag = field(response, 'etag');
    return etag !== undefined && strongly(condition, etag);
  }
  const wanted = date(condition);
  const modified = date(field(response, 'last-modified'));
  // A date is a strong validator only where a second could not have hidden a change (section 8.8.2.2).
  const sent = date(field(response, 'date'));
  return wanted !== undefined && wanted === modified && sent !== undefined && sent - modified >= 1000;
}

const weakly = (a: string, b: string): boolean => opaque(a) === opaque(b);
const strongly = (a: string, b: string): boolean => a === b && !a.startsWith('W/');
const opaque = (etag: string): string => (etag.startsWith('W/') ? etag.slice(2) : etag);

const ENTITY_TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;

/** `*` matches whatever has a representation, with an entity tag or without. */
const matches = (
  values: readonly string[],
  etag: string | undefined,
  equal: (a: string, b: string) => boolean,
): boolean => {
  const list = values.join(', ');
  if (list.trim() === '*') return true;
  return etag !== undefined && (list.match(ENTITY_TAG) ?? []).some((tag) => equal(tag, etag));
};

const HTTP_DATE =
  /^(?:[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT|[A-Z][a-z]+, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})$/;

/** An HTTP-date (RFC 9110, section 5.6.7); undefined for anything else, which then is as if it were not there. */
function date(value: string | undefined): Milliseconds | undefined {
  if (value === undefined || !HTTP_DATE.test(value)) return undefined;
  const parsed = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
  return Number.isNaN(parsed) ? undefined : parsed;
}
