/** HTTP/1.1 answers as octets: heads, chunks, and the end of chunks. */
import type { Fields } from '../domain/exchange.ts';

/** A value with these would become two fields, or two answers. */
const LINE_BREAKING = /[\r\n\0]/;
const REASON_BREAKING = /[^\t\x20-\x7e\x80-\xff]/;
const ALL_REASON_BREAKING = new RegExp(REASON_BREAKING.source, 'g');

/** A head as latin1 text. Fields keep order, case and duplicates. */
export const headText = (status: number, reason: string, fields: Fields): string =>
  `HTTP/1.1 ${status} ${REASON_BREAKING.test(reason) ? reason.replace(ALL_REASON_BREAKING, ' ') : reason}\r\n${headFields(fields)}\r\n`;

/** Field lines; a field that would break the message stays away. */
export function headFields(fields: Fields): string {
  let text = '';
  for (const pair of fields) {
    const line = `${pair[0]}: ${pair[1]}`;
    if (!LINE_BREAKING.test(line)) text += `${line}\r\n`;
  }
  return text;
}

/** Text and content in one buffer: one write is one system call, and mostly one packet. */
export function joinHead(text: string, content: Uint8Array, tail = ''): Buffer {
  const octets = Buffer.allocUnsafe(text.length + content.length + tail.length);
  octets.write(text, 0, 'latin1');
  octets.set(content, text.length);
  if (tail !== '') octets.write(tail, text.length + content.length, 'latin1');
  return octets;
}

export const chunkStart = (size: number): string => `${size.toString(16)}\r\n`;

/** The last chunk, with trailers where there are any. */
export const lastChunk = (trailers: Fields): string => `0\r\n${headFields(trailers)}\r\n`;
