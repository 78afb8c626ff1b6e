/** What form content is compared in, by media type and, where that says nothing, by its first bytes. */

export type Form = 'html' | 'markdown' | 'text' | 'json' | 'image' | 'bytes';

const EMPTY_HANDED = new Set(['application/octet-stream', 'binary/octet-stream', 'unknown/unknown', '*/*']);

/**
 * The form of content with this media type. A declared type wins over the bytes, but for text that turns out to be binary
 * and for types that say nothing.
 */
export function formOf(mediaType: string, bytes: Uint8Array): Form {
  const declared = declaredForm(mediaType);
  if (declared === undefined) return sniffedForm(bytes);
  if (declared !== 'text') return declared;
  const head = headOf(bytes);
  if (hasBinary(head)) return sniffedForm(bytes);
  // Many a server sends pages as text/plain to clients that it does not know.
  return looksLikeHtml(head) ? 'html' : declared;
}

function declaredForm(mediaType: string): Form | undefined {
  if (mediaType === '' || EMPTY_HANDED.has(mediaType)) return undefined;
  if (mediaType === 'text/html' || mediaType === 'application/xhtml+xml') return 'html';
  if (mediaType === 'text/markdown' || mediaType === 'text/x-markdown') return 'markdown';
  if (/[/+]json$|^application\/(?:x-)?nd-?json|^application\/jsonl|^text\/(?:x-)?json/.test(mediaType))
    return 'json';
  if (mediaType === 'image/svg+xml') return 'html';
  if (mediaType.startsWith('image/')) return 'image';
  if (/[/+]xml$/.test(mediaType)) return 'html';
  return mediaType.startsWith('text/') ? 'text' : 'bytes';
}

/** First bytes of the picture formats that pages are made of. @see https://mimesniff.spec.whatwg.org/#image-type-pattern-matching-algorithm */
const PICTURES = [
  /^\xff\xd8\xff/,
  // 0x89, read as Windows 1252.
  /^\u2030PNG\r\n/,
  /^GIF8[79]a/,
  /^RIFF....WEBP/s,
  /^....ftypavi[fs]/s,
  /^BM.{4}\0\0\0\0/s,
];

function sniffedForm(bytes: Uint8Array): Form {
  const head = headOf(bytes);
  if (PICTURES.some((picture) => picture.test(head))) return 'image';
  if (looksLikeHtml(head)) return 'html';
  if (hasBinary(head)) return 'bytes';
  if (/^\s*[[{]/.test(head)) return 'json';
  return head === '' ? 'bytes' : 'text';
}

const LATIN = new TextDecoder('latin1');

/** Octets as characters: those from 0x80 to 0x9f are not of the same number, as the Web's Latin 1 is Windows 1252. */
const headOf = (bytes: Uint8Array): string => LATIN.decode(bytes.subarray(0, 1024));

const looksLikeHtml = (head: string): boolean =>
  /^(?:\xef\xbb\xbf)?\s*(?:<!--[\s\S]{0,500}?-->\s*)?<(?:!doctype html|html|head|body)\b/i.test(head);

/** Control characters that no text holds. UTF-16 announces itself by its byte order mark. */
const hasBinary = (head: string): boolean =>
  !/^(?:\xff\xfe|\xfe\xff)/.test(head) && /[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(head);
