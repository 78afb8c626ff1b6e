/** The hash chain of the log: each line stores SHA-256 over the chain value before it and its own canonical JSON. */
import type { Hex } from '../domain/units.ts';

/** Before the first line there is nothing to chain to. */
export const GENESIS = '';

/** SHA-256 of text in UTF-8, as an engine's platform computes it fastest. */
export type TextDigest = (text: string) => Hex | Promise<Hex>;

export const chainOf = async (previous: string, entry: string, digest: TextDigest = sha256): Promise<Hex> =>
  digest(previous + entry);

/** On any platform. */
export async function sha256(text: string): Promise<Hex> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(digest, (octet) => octet.toString(16).padStart(2, '0')).join('');
}

/**
 * JSON with sorted keys and no white space, so that a value has one spelling. `undefined` members are left out.
 * @see RFC 8785: ECMAScript's own number and string forms, keys by UTF-16 code units
 */
export const canonicalJson = (value: unknown): string =>
  (isInOrder(value) ? JSON.stringify(value) : canonical(value)) ?? 'null';

/** Whether all members, however deep, stand in the order of their keys, so that plain JSON is canonical. */
function isInOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isInOrder);
  const record = value as Readonly<Record<string, unknown>>;
  let before = '';
  for (const key in record) {
    if (key < before || !isInOrder(record[key])) return false;
    before = key;
  }
  return true;
}

/** Undefined for what JSON has no form for. */
function canonical(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const record = value as Readonly<Record<string, unknown>>;
  let members = '';
  for (const key of Object.keys(record).sort()) {
    const member = canonical(record[key]);
    if (member !== undefined) members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${member}`;
  }
  return `{${members}}`;
}
