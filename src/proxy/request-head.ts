/** The head of an HTTP/1 request, read strictly: what two readers could read in two ways is refused. */
import type { Fields } from '../domain/exchange.ts';
import { fieldName, lowerName } from '../fetch/field-name.ts';
import type { RequestHead } from './message.ts';

/** How many octets of content follow a head: none, a number, or chunks. */
export type Framing = number | 'chunked';

/** Why a request is not taken; the connection closes after it, since where the next one begins is unknown. */
export interface Refusal {
  readonly kind: 'refused';
  readonly status: 400 | 408 | 414 | 417 | 431 | 505;
  readonly detail: string;
}

export const refuse = (status: Refusal['status'], detail: string): Refusal => ({
  kind: 'refused',
  status,
  detail,
});

/** RFC 9110, section 5.5: no control octets but HTAB. */
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;
const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([\x21-\x7e\x80-\xff]+) (HTTP\/(\d)\.(\d))$/;
/** RFC 9112, section 3.2: host and optional port, nothing that could be taken for a path or for userinfo. */
const HOST = /^(?:[A-Za-z0-9.\-_~%!$&'()*+;=]*|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/;
/** 15 digits: below 2^53, and more than any content. */
const LENGTH = /^\d{1,15}$/;

/** Field lines from `from` on, CRLF between them and none at the end. A refusal names the first bad one. */
export function parseFields(text: string, from = 0): Fields | Refusal {
  const fields: Array<readonly [string, string]> = [];
  for (let start = from; start <= text.length; ) {
    const found = text.indexOf('\r\n', start);
    const end = found === -1 ? text.length : found;
    const colon = text.indexOf(':', start);
    const name = colon === -1 || colon > end ? '' : text.slice(start, colon);
    // A folded line starts with a space, so that its name is no token.
    if (!fieldName(name).isToken)
      return refuse(400, `Expected a field line but received ${quote(text.slice(start, end))}.`);
    const value = trimmed(text, colon + 1, end);
    if (CONTROL.test(value)) return refuse(400, `Expected no control octet in the value of ${name}.`);
    fields.push([name, value]);
    start = end + 2;
  }
  return fields;
}

/** `text`: the head as latin1, without the empty line that ends it. */
export function parseHead(text: string): { head: RequestHead; framing: Framing } | Refusal {
  const found = text.indexOf('\r\n');
  const first = found === -1 ? text : text.slice(0, found);
  const match = REQUEST_LINE.exec(first);
  if (match === null) return refuse(400, `Expected a request line but received ${quote(first)}.`);
  const [, method = '', target = '', version = '', major, minor] = match;
  if (major !== '1' || (minor !== '0' && minor !== '1')) {
    return refuse(505, `Expected HTTP/1.1 or HTTP/1.0 but received ${version}.`);
  }
  const fields = found === -1 ? [] : parseFields(text, found + 2);
  if ('kind' in fields) return fields;
  const head: RequestHead = { method, target, version: minor === '0' ? '1.0' : '1.1', fields };
  const framing = frame(head);
  return typeof framing === 'object' ? framing : { head, framing };
}

/** RFC 9112, section 6.3; where the norm lets a recipient repair a message, this one refuses it. */
function frame({ version, method, fields }: RequestHead): Framing | Refusal {
  let hosts = 0;
  let length: string | undefined;
  let coding: string | undefined;
  for (const pair of fields) {
    const name = pair[0];
    const value = pair[1];
    switch (name.length) {
      case 4:
        if (lowerName(name) !== 'host') break;
        hosts += 1;
        if (hosts > 1) return refuse(400, 'Expected one Host but received two.');
        if (!HOST.test(value))
          return refuse(400, `Expected host and port but received Host ${quote(value)}.`);
        break;
      case 14:
        if (lowerName(name) !== 'content-length') break;
        if (length !== undefined) return refuse(400, 'Expected one Content-Length but received two.');
        if (!LENGTH.test(value))
          return refuse(400, `Expected digits but received Content-Length ${quote(value)}.`);
        length = value;
        break;
      case 17:
        if (lowerName(name) !== 'transfer-encoding') break;
        if (coding !== undefined) return refuse(400, 'Expected one Transfer-Encoding but received two.');
        coding = value.toLowerCase();
        break;
    }
  }
  // Simple CONNECT clients leave Host out; the target says it all.
  if (hosts === 0 && version === '1.1' && method !== 'CONNECT')
    return refuse(400, 'Expected a Host but received none.');
  if (coding === undefined) return length === undefined ? 0 : Number(length);
  if (length !== undefined)
    return refuse(400, 'Expected Content-Length or Transfer-Encoding but received both.');
  if (version === '1.0') return refuse(400, 'Expected no Transfer-Encoding in HTTP/1.0.');
  if (coding !== 'chunked')
    return refuse(400, `Expected Transfer-Encoding chunked but received ${quote(coding)}.`);
  return 'chunked';
}

/** Between two places, without the blanks (SP, HTAB) around it; other white space stays, and is refused. */
function trimmed(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

/** For messages: short, and without control octets. */
export const quote = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
