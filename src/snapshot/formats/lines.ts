/** Lines of a text file, plain or compressed, in batches. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable, Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { type Bytes, ForetasteError } from '../../domain/index.ts';
import { BATCH } from './format.ts';

/** A line past this is not a record; it is given cut, and the rest of it is dropped. */
export const LONGEST_LINE: Bytes = 16 * 2 ** 20;

export interface LineBatch {
  /** Without their line ends. */
  readonly lines: string[];
  /** Number of the first line, from 1. */
  readonly first: number;
  readonly position: Bytes;
}

/** Content of a file with gzip (all members), zstd or nothing around it, told by its first octets. */
export interface Content {
  readonly stream: Readable;
  /** Octets read from the file, before inflation. */
  position(): Bytes;
}

export async function openContent(path: string, signal: AbortSignal): Promise<Content> {
  const head = await readHead(path, 4);
  const raw = createReadStream(path, { highWaterMark: 2 ** 18, signal });
  const inflate = inflater(head);
  if (inflate === undefined) return { stream: raw, position: () => raw.bytesRead };
  raw.on('error', (cause) => inflate.destroy(cause));
  inflate.on('close', () => raw.destroy());
  return { stream: raw.pipe(inflate), position: () => raw.bytesRead };
}

/** What undoes the compression that content begins with; undefined where there is none. */
export function inflater(head: Buffer): Transform | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return createGunzip({ chunkSize: 2 ** 17 });
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528)
    return createZstdDecompress({ chunkSize: 2 ** 17 });
  return undefined;
}

/** The first octets of a file; fewer where it is shorter. */
export async function readHead(path: string, bytes: Bytes): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The first octets of a file's content, inflated. What is broken after them does no harm here. */
export async function readContentHead(path: string, bytes: Bytes, signal: AbortSignal): Promise<Buffer> {
  const { stream } = await openContent(path, signal);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= bytes) break;
    }
  } catch (cause) {
    if (length === 0 || signal.aborted) throw unreadable(path, cause);
  }
  return Buffer.concat(chunks).subarray(0, bytes);
}

export const unreadable = (path: string, cause: unknown): ForetasteError =>
  new ForetasteError(
    'import',
    `Expected readable content but received "${cause instanceof Error ? cause.message : String(cause)}" in ${path}.`,
    {
      where: path,
      cause,
    },
  );

/**
 * Lines in the order of the file; LF, CRLF or the end of the file ends one; a UTF-8 byte order mark is dropped.
 * Octets that are no UTF-8 come as U+FFFD.
 */
export async function* readLines(path: string, signal: AbortSignal): AsyncGenerator<LineBatch> {
  const { stream, position } = await openContent(path, signal);
  const decoder = new TextDecoder();
  let rest = '';
  let dropping = false;
  let next = 1;
  let lines: string[] = [];
  const take = (text: string): void => {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = rest + text.slice(from, text[end - 1] === '\r' ? end - 1 : end);
      lines.push(line.endsWith('\r') ? line.slice(0, -1) : line);
      if (dropping) lines.pop();
      dropping = false;
      rest = '';
      from = end + 1;
    }
    if (dropping) return;
    rest += text.slice(from);
    if (rest.length <= LONGEST_LINE) return;
    lines.push(rest.slice(0, LONGEST_LINE));
    rest = '';
    dropping = true;
  };
  for await (const chunk of stream) {
    take(decoder.decode(chunk, { stream: true }));
    if (lines.length < BATCH) continue;
    yield { lines, first: next, position: position() };
    next += lines.length;
    lines = [];
  }
  take(decoder.decode());
  if (rest !== '') lines.push(rest);
  if (lines.length > 0) yield { lines, first: next, position: position() };
}
