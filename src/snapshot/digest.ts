/** Read digests as datasets and archives write them: with or without prefix, in hex, base32 or base64. */
import type { DigestAlgorithm, Hex } from '../domain/index.ts';

/** A reader's complaint: what a place should have held, and what it held. */
export interface Complaint {
  readonly expected: string;
  readonly got: string;
}

export interface ParsedDigest {
  readonly alg: DigestAlgorithm;
  readonly value: Hex;
}

/** Octets of each digest. */
export const DIGEST_BYTES: Readonly<Record<DigestAlgorithm, number>> = {
  md5: 16,
  sha1: 20,
  sha256: 32,
  sha512: 64,
};

const NAMES: Readonly<Record<string, DigestAlgorithm>> = {
  md5: 'md5',
  'md-5': 'md5',
  sha: 'sha1',
  sha1: 'sha1',
  'sha-1': 'sha1',
  sha256: 'sha256',
  'sha-256': 'sha256',
  sha512: 'sha512',
  'sha-512': 'sha512',
};

const HEX = /^[0-9a-f]+$/i;
const BASE32 = /^[a-z2-7]+=*$/i;
const BASE64 = /^[a-z0-9+/_-]+={0,2}$/i;
const ALGORITHMS: readonly DigestAlgorithm[] = ['md5', 'sha1', 'sha256', 'sha512'];

/** Digests of no octets at all: they say that nothing was recorded, not what. */
const EMPTY = new Set<Hex>([
  'd41d8cd98f00b204e9800998ecf8427e',
  'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e',
]);

export const isEmptyDigest = (value: Hex): boolean => EMPTY.has(value);

/** As a message shows what a file held: cut, since long values say nothing more, and harmless to the terminal it is shown on. */
export const shown = (value: unknown): string => {
  const text = String(value);
  const cut = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  return cut.replace(
    /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
};

/**
 * One digest from text. `required` is what the column is for: another algorithm is then a complaint.
 * `usual` decides where the text alone could be read in two ways (32 characters: md5 in hex or sha1 in base32).
 */
export function parseDigest(
  text: string,
  context: { required?: DigestAlgorithm; usual?: DigestAlgorithm } = {},
): ParsedDigest | Complaint {
  const trimmed = text.trim();
  const colon = trimmed.indexOf(':');
  const prefix = colon > 0 && colon < 12 ? trimmed.slice(0, colon).toLowerCase() : undefined;
  const body = prefix === undefined ? trimmed : trimmed.slice(colon + 1);
  if (prefix !== undefined && NAMES[prefix] === undefined)
    return { expected: `a digest in ${ALGORITHMS.join(', ')}`, got: shown(trimmed) };
  const named = prefix === undefined ? undefined : NAMES[prefix];
  if (named !== undefined && context.required !== undefined && named !== context.required)
    return { expected: lengths(context.required), got: shown(trimmed) };
  const alg = named ?? context.required;
  if (alg !== undefined) {
    const value = decodeAs(alg, body);
    return value === undefined
      ? { expected: lengths(alg), got: `${shown(trimmed)} (${body.length} characters)` }
      : { alg, value };
  }
  const order = context.usual === undefined ? ALGORITHMS : [context.usual, ...ALGORITHMS];
  for (const candidate of order) {
    const value = decodeAs(candidate, body);
    if (value !== undefined) return { alg: candidate, value };
  }
  return {
    expected: 'a digest of 16, 20, 32 or 64 octets in hex, base32 or base64',
    got: `${shown(trimmed)} (${body.length} characters)`,
  };
}

const lengths = (alg: DigestAlgorithm): string =>
  `${DIGEST_BYTES[alg] * 2} hex digits (${alg}), or the same in base32 or base64`;

/** The encodings are told apart by length; padded md5 in base32 is as long as md5 in hex, so `=` decides. */
function decodeAs(alg: DigestAlgorithm, body: string): Hex | undefined {
  const bytes = DIGEST_BYTES[alg];
  if (body.length === bytes * 2 && HEX.test(body)) return body.toLowerCase();
  const bare = body.replace(/=+$/, '');
  if (bare.length === Math.ceil((bytes * 8) / 5) && BASE32.test(body)) return base32ToHex(bare);
  if (bare.length === Math.ceil((bytes * 8) / 6) && BASE64.test(body)) return base64ToHex(bare);
  return undefined;
}

const OCTETS = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

function toHex(octets: Uint8Array): Hex {
  let text = '';
  for (const octet of octets) text += OCTETS[octet];
  return text;
}

const BASE32_VALUES = new Uint8Array(128);
for (const [value, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'].entries()) {
  BASE32_VALUES[character.charCodeAt(0)] = value;
  BASE32_VALUES[character.toLowerCase().charCodeAt(0)] = value;
}

function base32ToHex(text: string): Hex {
  const octets = new Uint8Array(Math.floor((text.length * 5) / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let place = 0; place < text.length; place++) {
    held = ((held << 5) | (BASE32_VALUES[text.charCodeAt(place)] ?? 0)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    octets[at++] = (held >> bits) & 0xff;
  }
  return toHex(octets);
}

function base64ToHex(text: string): Hex {
  const raw = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return toHex(Uint8Array.from(raw, (character) => character.charCodeAt(0)));
}
