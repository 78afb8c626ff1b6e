/** Read a stretch of an open file whole: one read may return less than was asked. */
import type { FileHandle } from 'node:fs/promises';
import { type Bytes, ForetasteError } from '../domain/index.ts';

/** More is not read at once. */
const MOST_AT_ONCE: Bytes = 2 ** 30;

export async function readAt(file: FileHandle, position: Bytes, length: Bytes): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  await readInto(file, position, bytes);
  return bytes;
}

/** Fill `bytes` from `position` on. */
export async function readInto(file: FileHandle, position: Bytes, bytes: Buffer): Promise<void> {
  let at = 0;
  while (at < bytes.length) {
    const { bytesRead } = await file.read(
      bytes,
      at,
      Math.min(bytes.length - at, MOST_AT_ONCE),
      position + at,
    );
    if (bytesRead === 0)
      throw new ForetasteError(
        'store',
        `Expected ${bytes.length} octets at ${position} but the file ends before.`,
      );
    at += bytesRead;
  }
}
