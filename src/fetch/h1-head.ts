/** The head of an HTTP/1 response: strict on framing, forgiving on form, as the web's servers need it. */
import { type Capture, type Fields, ForetasteError } from '../domain/index.ts';

export interface ParsedHead {
  readonly status: number;
  readonly reason: string;
  readonly httpVersion: Capture['httpVersion'];
  readonly fields: Fields;
  /** The form was not that of RFC 9112; the connection is not used again. */
  readonly sloppy: boolean;
}

const STATUS_LINE = /^HTTP\/(\d)\.(\d)[ \t]+(\d{3})(?:[ \t]+(.*?))?[ \t]*$/i;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What a field value must not hold (RFC 9110, section 5.5); replaced by a space, as the section allows. */
const CONTROLS = /[\x00-\x08\x0a-\x1f\x7f]/;
const ALL_CONTROLS = new RegExp(CONTROLS.source, 'g');

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
  const [, major, minor, status = '', reason = ''] = match;
  const { fields, sloppy } = parseFields(lineEnd === -1 ? '' : text.slice(lineEnd + 1));
  return {
    status: Number(status),
    reason: reason.replace(ALL_CONTROLS, ' '),
    httpVersion: major === '1' && minor === '0' ? '1.0' : '1.1',
    fields,
    sloppy: sloppy || !first.endsWith('\r'),
  };
}

/** Field lines, each ended by LF or CRLF: trailers have the same form. Lines that name no field are left out. */
export function parseFields(text: string): { readonly fields: Fields; readonly sloppy: boolean } {
  const fields: Array<[string, string]> = [];
  let sloppy = false;
  for (const raw of text.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line === '') continue;
    if (line === raw) sloppy = true;
    const last = fields.at(-1);
    if (line.charCodeAt(0) === 0x20 || line.charCodeAt(0) === 0x09) {
      // obs-fold: replaced by a space before it is interpreted (RFC 9112, section 5.2).
      if (last !== undefined) last[1] = `${last[1]} ${clean(line)}`.trim();
      sloppy = true;
      continue;
    }
    const colon = line.indexOf(':');
    let name = line.slice(0, Math.max(colon, 0));
    if (!TOKEN.test(name)) {
      sloppy = true;
      // White space before the colon goes (section 5.1); what is no token even then cannot be passed on.
      name = name.trimEnd();
      if (!TOKEN.test(name)) continue;
    }
    const value = line.slice(colon + 1);
    if (CONTROLS.test(value)) sloppy = true;
    fields.push([name, clean(value)]);
  }
  return { fields, sloppy };
}

const clean = (value: string): string =>
  (CONTROLS.test(value) ? value.replace(ALL_CONTROLS, ' ') : value).replace(/^[ \t]+|[ \t]+$/g, '');
