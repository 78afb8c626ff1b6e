/** The short way of canonicalUrl over octets: most URLs of a dataset are in their canonical form already. */

const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
const HYPHEN = 3;
const DOT = 4;
const SLASH = 5;
const QUESTION = 6;
/** Stands for itself in a path and in a query. */
const PLAIN = 7;
const PERCENT = 8;

const KIND = new Uint8Array(256);
for (const [characters, kind] of [
  ['abcdefghijklmnopqrstuvwxyz', LETTER],
  ['0123456789', DIGIT],
  ['-', HYPHEN],
  ['.', DOT],
  ['/', SLASH],
  ['?', QUESTION],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZ_!$&()*+,:;=@~', PLAIN],
  ['%', PERCENT],
] as const)
  for (const character of characters) KIND[character.charCodeAt(0)] = kind;

const HTTP = [...'http'].map((character) => character.charCodeAt(0));

/** True: the text is an http(s) URL as the URL standard serialises it. False: it may be one all the same. */
export function isCanonical(url: Uint8Array): boolean {
  for (let at = 0; at < 4; at++) if (url[at] !== HTTP[at]) return false;
  let at = url[4] === 0x73 ? 5 : 4;
  if (url[at] !== 0x3a || url[at + 1] !== 0x2f || url[at + 2] !== 0x2f) return false;
  at = afterHost(url, at + 3);
  if (at < 0) return false;
  return isPlainTarget(url, at);
}

/** Offset of the slash after a lower-case name whose last label begins with a letter; -1 for any other host. */
function afterHost(url: Uint8Array, from: number): number {
  let label = from;
  for (let at = from; at < url.length; at++) {
    const kind = KIND[url[at] ?? 0] ?? OTHER;
    if (kind === LETTER || kind === DIGIT || kind === HYPHEN) continue;
    if (at === label || startsPunycode(url, label)) return -1;
    if (kind === SLASH) return KIND[url[label] ?? 0] === LETTER ? at : -1;
    if (kind !== DOT) return -1;
    label = at + 1;
  }
  return -1;
}

/** `xn--` may be malformed, which only a parser can tell. */
const startsPunycode = (url: Uint8Array, at: number): boolean =>
  url[at] === 0x78 && url[at + 1] === 0x6e && url[at + 2] === 0x2d && url[at + 3] === 0x2d;

function isPlainTarget(url: Uint8Array, from: number): boolean {
  let inQuery = false;
  for (let at = from; at < url.length; at++) {
    const kind = KIND[url[at] ?? 0] ?? OTHER;
    if (kind === OTHER) return false;
    if (kind === QUESTION) inQuery = true;
    if (inQuery || kind !== SLASH) continue;
    // A segment that begins so may be a dot segment, `.`, `..` or `%2e`.
    const next = KIND[url[at + 1] ?? 0];
    if (next === DOT || next === PERCENT) return false;
  }
  return true;
}
