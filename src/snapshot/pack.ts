/** Rows packed where they are read: key and digests go from the column straight into the form of the spool. */
import type { DigestAlgorithm } from '../domain/index.ts';
import { DIGEST_BYTES } from './digest.ts';
import { KEY_BYTES, writeKey } from './key.ts';
import type { Layout } from './layout.ts';
import { isCanonical } from './url-bytes.ts';

/** Rows of one layout, key and payload each, as the spool takes them. */
export interface PackedRows {
  readonly layout: Layout;
  readonly rows: Buffer;
  /** Number of each row in its file, ascending. */
  readonly numbers: Uint32Array;
  /** One for each row where the layout has a text. */
  readonly labels: readonly string[] | undefined;
}

const DIGIT = new Int8Array(256).fill(-1);
for (let value = 0; value < 16; value++) {
  DIGIT[value.toString(16).charCodeAt(0)] = value;
  DIGIT[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}

/** Write `bytes` octets from hex text; false where the text is anything else. */
export function writeHex(text: Uint8Array, bytes: number, target: Uint8Array, offset: number): boolean {
  if (text.length !== bytes * 2) return false;
  for (let at = 0; at < bytes; at++) {
    const value = ((DIGIT[text[at * 2] ?? 0] ?? -1) << 4) | (DIGIT[text[at * 2 + 1] ?? 0] ?? -1);
    if (value < 0) return false;
    target[offset + at] = value;
  }
  return true;
}

/**
 * Write the key and digests of one row at `offset`. False where URL or digests are not in their plain form; the row then takes
 * the long way, where it is read or refused.
 */
export function packRow(
  url: unknown,
  digests: readonly unknown[],
  algorithms: readonly DigestAlgorithm[],
  target: Buffer,
  offset: number,
): boolean {
  if (!(url instanceof Uint8Array) || !isCanonical(url)) return false;
  let at = offset + KEY_BYTES;
  for (let number = 0; number < algorithms.length; number++) {
    const text = digests[number];
    const bytes = DIGEST_BYTES[algorithms[number] ?? 'md5'];
    if (!(text instanceof Uint8Array) || !writeHex(text, bytes, target, at)) return false;
    at += bytes;
  }
  writeKey(url, target, offset);
  return true;
}
