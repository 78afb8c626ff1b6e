/** The hash chain of the log: each line stores SHA-256 over the chain value before it and its own canonical JSON. */
import type { Hex } from '../domain/units.ts';

/** Before the first line there is nothing to chain to. */
export const GENESIS = '';

export const chainOf = (previous: string, entry: string): Promise<Hex> => sha256(previous + entry);

export async function sha256(text: string): Promise<Hex> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(digest, (octet) => octet.toString(16).padStart(2, '0')).join('');
}

/**
 * JSON with sorted keys and no white space, so that a value has one spelling. `undefined` members are left out.
 * @see RFC 8785: ECMAScript's own number and string forms, keys by UTF-16 code units
 */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    isRecord(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : member,
  );

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
