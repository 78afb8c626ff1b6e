/** Evidence bodies in a folder, content-addressed: `ab/cd/abcd...`, written once, never changed. */
import { createHash, hash, randomUUID } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { ForetasteError } from '../domain/error.ts';
import type { BodyStore } from '../domain/ports.ts';
import type { Bytes, Hex } from '../domain/units.ts';

/** Digests remembered as kept: a picture under a thousand URLs, or a page that does not change, is looked for once. */
const REMEMBERED = { max: 10_000, ttl: 60_000 };
/** Up to here content is held whole and written in one go; a fetcher holds as much in memory. */
const AT_ONCE: Bytes = 512 * 1024;
const NEW = { flag: 'wx', mode: 0o600 } as const;

/** The folder is made at the first `put`. What retention removes is noticed by `put` within a minute. */
export function openBodies(folder: string): BodyStore {
  const kept = new LRUCache<Hex, true>(REMEMBERED);
  return {
    put: async (sha256, content) => {
      if (kept.has(sha256)) return;
      const path = pathOf(folder, sha256);
      if (sizeOf(path) === undefined) await write(path, sha256, content);
      kept.set(sha256, true);
    },
    get: async (sha256) => {
      const path = pathOf(folder, sha256);
      const size = sizeOf(path);
      return size === undefined ? undefined : { size, stream: read(path) };
    },
  };
}

/** Throws ForetasteError `bad-request` for anything but a digest, which would otherwise be a path of the caller's choice. */
function pathOf(folder: string, sha256: Hex): string {
  if (!/^[0-9a-f]{64}$/.test(sha256))
    throw new ForetasteError('bad-request', `Expected 64 hex digits but received "${sha256}".`, {
      where: 'sha256',
    });
  return join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
}

/** Opened when it is first read: who asks for the size alone leaves no open file behind. */
async function* read(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path);
}

/**
 * Written beside its place and renamed into it, so that a reader never sees a part, whatever kills the writer. It survives the
 * death of the process, not that of the machine: nothing waits for the disk here.
 */
async function write(path: string, sha256: Hex, content: AsyncIterable<Uint8Array>): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  const pieces = content[Symbol.asyncIterator]();
  try {
    const begun = await gather(pieces);
    const got = begun.ended
      ? await writeWhole(part, begun.held, sha256)
      : await writeLong(part, begun.held, pieces);
    if (got !== sha256)
      throw new ForetasteError('store', `Expected content with SHA-256 ${sha256} but received ${got}.`);
    await rename(part, path);
  } catch (error) {
    await pieces.return?.();
    await rm(part, { force: true });
    throw error;
  }
}

/** Content to its end, or its beginning where it is longer than what is written in one go. */
async function gather(pieces: AsyncIterator<Uint8Array>): Promise<{ held: Uint8Array; ended: boolean }> {
  const held: Uint8Array[] = [];
  for (let size = 0; ; ) {
    const { done, value } = await pieces.next();
    if (done === true) return { held: oneOf(held), ended: true };
    held.push(value);
    size += value.length;
    if (size > AT_ONCE) return { held: oneOf(held), ended: false };
  }
}

const oneOf = (pieces: readonly Uint8Array[]): Uint8Array =>
  pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);

/** Gives the digest of what was received; nothing is written where that is not `sha256`. */
async function writeWhole(part: string, content: Uint8Array, sha256: Hex): Promise<Hex> {
  const got = hash('sha256', content);
  if (got === sha256) await inFolder(part, () => writeFile(part, content, NEW));
  return got;
}

async function writeLong(part: string, held: Uint8Array, pieces: AsyncIterator<Uint8Array>): Promise<Hex> {
  const digest = createHash('sha256').update(held);
  const file = await inFolder(part, () => open(part, NEW.flag, NEW.mode));
  try {
    await file.writeFile(held);
    for (let piece = await pieces.next(); piece.done !== true; piece = await pieces.next()) {
      digest.update(piece.value);
      await file.writeFile(piece.value);
    }
  } finally {
    await file.close();
  }
  return digest.digest('hex');
}

/** The folder of a file is made where it turns out to be missing: after a while all 65,536 are there. */
async function inFolder<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(dirname(path), { recursive: true });
    return work();
  }
}

/** Synchronous: a look into the folder costs less than a turn through the thread pool. */
const sizeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.size;
