/** A file of an index that is read by ranges, wherever it stands. */
import { close, fstat, open, read } from 'node:fs';
import { promisify } from 'node:util';
import { type Bytes, ForetasteError } from '../domain/index.ts';

export interface RangeFile {
  /** Path or URL, for messages. */
  readonly name: string;
  readonly size: Bytes;
  /** Throws ForetasteError `store` where the file ends before. */
  read(position: Bytes, length: Bytes): Promise<Buffer>;
  close(): Promise<void>;
}

/** More is not read at once. */
const MOST_AT_ONCE: Bytes = 2 ** 30;

export async function openLocalFile(path: string): Promise<RangeFile> {
  const file = await promisify(open)(path, 'r');
  const { size } = await promisify(fstat)(file);
  return {
    name: path,
    size,
    read: (position, length) => readWhole(file, path, position, Buffer.allocUnsafe(length)),
    close: () => promisify(close)(file),
  };
}

/** With callbacks: a lookup is one read, and FileHandle takes twice the processor time for it. */
function readWhole(file: number, path: string, position: Bytes, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const from = (at: number): void => {
      if (at === bytes.length) {
        resolve(bytes);
        return;
      }
      read(file, bytes, at, Math.min(bytes.length - at, MOST_AT_ONCE), position + at, (cause, count) => {
        if (cause !== null) return reject(cause);
        if (count === 0) return reject(endsBefore(path, position, bytes.length));
        from(at + count);
      });
    };
    from(0);
  });
}

export const endsBefore = (name: string, position: Bytes, length: Bytes): ForetasteError =>
  new ForetasteError(
    'store',
    `Expected ${length} octets at ${position} but the file ends before in ${name}.`,
    { where: name },
  );
