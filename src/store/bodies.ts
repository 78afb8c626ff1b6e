/** Evidence bodies in a folder, content-addressed: `ab/cd/abcd...`, written once, never changed. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { ForetasteError } from '../domain/error.ts';
import type { BodyStore } from '../domain/ports.ts';
import type { Hex } from '../domain/units.ts';

/** Digests remembered as kept: a picture under a thousand URLs, or a page that does not change, is looked for once. */
const REMEMBERED = { max: 10_000, ttl: 60_000 };

/** The folder is made at the first `put`. What retention removes is noticed by `put` within a minute. */
export function openBodies(folder: string): BodyStore {
  const kept = new LRUCache<Hex, true>(REMEMBERED);
  return {
    put: async (sha256, content) => {
      if (kept.has(sha256)) return;
      const path = pathOf(folder, sha256);
      if ((await sizeOf(path)) === undefined) await write(path, sha256, content);
      kept.set(sha256, true);
    },
    get: async (sha256) => {
      const path = pathOf(folder, sha256);
      const size = await sizeOf(path);
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

/** Written beside its place and renamed into it, so that a reader never sees a part, whatever kills the writer. */
async function write(path: string, sha256: Hex, content: AsyncIterable<Uint8Array>): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  await mkdir(join(path, '..'), { recursive: true });
  const hash = createHash('sha256');
  try {
    const file = await open(part, 'wx', 0o600);
    try {
      for await (const chunk of content) {
        hash.update(chunk);
        await file.writeFile(chunk);
      }
      await file.datasync();
    } finally {
      await file.close();
    }
    const got = hash.digest('hex');
    if (got !== sha256)
      throw new ForetasteError('store', `Expected content with SHA-256 ${sha256} but received ${got}.`);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

const sizeOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
