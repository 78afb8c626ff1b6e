/** The head of an HTTP/1 response: strict on framing, forgiving on form, as the web's servers need it. */
import { type Capture, type Fields, ForetasteError } from '../domain/index.ts';
import { fieldName } from './field-name.ts';

export interface ParsedHead {
  readonly status: number;
  readonly reason: string;
  readonly httpVersion: Capture['httpVersion'];
  readonly fields: Fields;
  /** The form was not that of RFC 9112; the connection is not used again. */
  readonly sloppy: boolean;
}

const STATUS_LINE = /^HTTP\/(\d)\.(\d)[ \t]+(\d{3})(?:[ \t]+(.*?))?[ \t]*$/i;
/** What a field value must not hold (RFC 9110, section 5.5); replaced by a space, as the section allows. */
const CONTROLS = /[\x00-\x08\x0a-\x1f\x7f]/;
const ALL_CONTROLS = new RegExp(CONTROLS.source, 'g');
const CR = 0x0d;
const SP = 0x20;
const HTAB = 0x09;

/** @throws ForetasteError `http-protocol-error` where `text` does not start with a status line */
export function parseHead(text: string): ParsedHead {
  const lineEnd = text.indexOf('\n');
  const first = lineEnd === -1 ? text : text.slice(0, lineEnd);
  const line = first.endsWith('\r') ? first.slice(0, -1) : first;
  const match = STATUS_LINE.exec(line);
  if (match === null) {
    throw new ForetasteError(
      'http-protocol-error',
      `Expected an HTTP/1 status line but received ${JSON.stringify(line.slice(0, 80))}.`,
    );
  }
  const reason = match[4] ?? '';
  const { fields, sloppy } = parseFields(text, lineEnd === -1 ? text.length : lineEnd + 1);
  return {
    status: Number(match[3]),
    reason: CONTROLS.test(reason) ? reason.replace(ALL_CONTROLS, ' ') : reason,
    httpVersion: match[1] === '1' && match[2] === '0' ? '1.0' : '1.1',
    fields,
    sloppy: sloppy || !first.endsWith('\r'),
  };
}

/** Field lines, each ended by LF or CRLF: trailers have the same form. Lines that name no field are left out. */
export function parseFields(text: string, from = 0): { readonly fields: Fields; readonly sloppy: boolean } {
  const fields: Array<[string, string]> = [];
  let sloppy = false;
  for (let start = from; start < text.length; ) {
    const lf = text.indexOf('\n', start);
    const next = lf === -1 ? text.length : lf + 1;
    let end = lf === -1 ? text.length : lf;
    if (end > start && text.charCodeAt(end - 1) === CR) end -= 1;
    else if (end > start) sloppy = true;
    if (end > start && !takeLine(text, start, end, fields)) sloppy = true;
    start = next;
  }
  return { fields, sloppy };
}

/** Adds the field of one line; false where its form is not that of the norm. */
function takeLine(text: string, start: number, end: number, fields: Array<[string, string]>): boolean {
  const initial = text.charCodeAt(start);
  if (initial === SP || initial === HTAB) {
    // obs-fold: replaced by a space before it is interpreted (RFC 9112, section 5.2).
    const last = fields.at(-1);
    if (last !== undefined) last[1] = `${last[1]} ${clean(text.slice(start, end))}`.trim();
    return false;
  }
  const colon = text.indexOf(':', start);
  const named = colon !== -1 && colon < end;
  const spelling = named ? text.slice(start, colon) : '';
  const value = cut(text, named ? colon + 1 : start, end);
  if (fieldName(spelling).isToken && !CONTROLS.test(value)) {
    fields.push([spelling, value]);
    return true;
  }
  // White space before the colon goes (section 5.1); what is no token even then cannot be passed on.
  const name = spelling.trimEnd();
  if (fieldName(name).isToken) fields.push([name, clean(value)]);
  return false;
}

/** Between two places of `text`, without the blanks at both ends. */
function cut(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const isBlank = (code: number): boolean => code === SP || code === HTAB;

const clean = (value: string): string => value.replace(ALL_CONTROLS, ' ').replace(/^[ \t]+|[ \t]+$/g, '');
