/** The key of a URL in the index: the first 16 octets of its SHA-256. */
import { hash } from 'node:crypto';
import { canonicalUrl } from './url.ts';

/** 128 bits: finding a second URL for a listed key takes 2^94 tries even against 12.8e9 records. */
export const KEY_BYTES = 16;

/** Write the key of a canonical URL at `offset`. A one-byte string is the cheapest form in which Node hands a digest over. */
export function writeKey(canonical: string | Uint8Array, target: Uint8Array, offset: number): void {
  const digest = hash('sha256', canonical, 'binary');
  for (let at = 0; at < KEY_BYTES; at++) target[offset + at] = digest.charCodeAt(at);
}

/** The key of any URL text; `undefined` where it is not an absolute http(s) URL. */
export function keyOf(url: string): Buffer | undefined {
  const canonical = canonicalUrl(url);
  if (canonical === undefined) return undefined;
  const key = Buffer.allocUnsafe(KEY_BYTES);
  writeKey(canonical, key, 0);
  return key;
}
