/** Which charset a text is in, and its characters. */

/** The WHATWG prescan reads 1024 bytes; real pages put the declaration later, and reading on costs nothing. */
const PRESCAN = 4096;

/**
 * Text of `bytes`: byte order mark, then the charset of Content-Type, then a declaration in the content, then UTF-8 where it is
 * valid, then windows-1252. Never throws: an unknown label counts as none, broken sequences become U+FFFD.
 * @see https://encoding.spec.whatwg.org/#names-and-labels
 */
export function textOf(bytes: Uint8Array, contentType = ''): string {
  const label = byteOrderMark(bytes) ?? charsetOf(contentType) ?? declaredIn(bytes);
  const decoder = label === undefined ? undefined : decoderFor(label);
  if (decoder) return decoder.decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function byteOrderMark([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return undefined;
}

const charsetOf = (contentType: string): string | undefined =>
  /;\s*charset\s*=\s*["']?([^\s"';]+)/i.exec(contentType)?.[1];

/** `<meta charset>`, `<meta http-equiv>` and the XML declaration; a page that names UTF-16 there is not in UTF-16. */
function declaredIn(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder('windows-1252').decode(bytes.subarray(0, PRESCAN));
  const label =
    /<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([^\s"'>;/]+)/i.exec(head)?.[1] ??
    /^\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([^"']+)/i.exec(head)?.[1];
  return label && /^utf-?16/i.test(label) ? 'utf-8' : label;
}

function decoderFor(label: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}
