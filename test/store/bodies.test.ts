import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BodyStore } from '../../src/domain/index.ts';
import { openBodies } from '../../src/store/bodies.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

describe('bodies in a folder', () => {
  let folder = '';
  let bodies: BodyStore;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'foretaste-bodies-'));
    bodies = openBodies(folder);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const read = async (digest: string) => {
    const kept = await bodies.get(digest);
    if (kept === undefined) return undefined;
    const parts: Uint8Array[] = [];
    for await (const part of kept.stream) parts.push(part);
    return { size: kept.size, text: Buffer.concat(parts).toString() };
  };
  const files = async () =>
    (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

  it('are found by the digest of their content', async () => {
    await bodies.put(sha256('one two'), chunks('one ', 'two'));
    expect(await read(sha256('one two'))).toEqual({ size: 7, text: 'one two' });
    expect(await read(sha256('never'))).toBeUndefined();
  });

  it('are kept whole where they are long', async () => {
    const pieces = Array.from({ length: 5 }, (_, piece) => String(piece).repeat(200_000));
    const digest = sha256(pieces.join(''));
    await bodies.put(digest, chunks(...pieces));
    expect(await read(digest)).toEqual({ size: 1_000_000, text: pieces.join('') });
    await expect(bodies.put(sha256('other'), chunks(...pieces))).rejects.toMatchObject({ code: 'store' });
  });

  it('are written once, however many write them at once', async () => {
    const before = (await files()).length;
    await Promise.all(Array.from({ length: 8 }, () => bodies.put(sha256('same'), chunks('sa', 'me'))));
    expect((await files()).length - before).toBe(1);
    expect(await read(sha256('same'))).toEqual({ size: 4, text: 'same' });
  });

  it('are not kept where content broke off or is not what its digest says', async () => {
    const before = (await files()).length;
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half');
      throw new Error('origin broke off');
    }
    await expect(bodies.put(sha256('half and half'), broken())).rejects.toThrow('broke off');
    await expect(bodies.put(sha256('this'), chunks('that'))).rejects.toMatchObject({ code: 'store' });
    expect((await files()).length).toBe(before);
    expect(await read(sha256('this'))).toBeUndefined();
  });

  it.each(['../../etc/passwd', 'A'.repeat(64), ''])('are never asked for by a path: %j', async (digest) => {
    await expect(bodies.get(digest)).rejects.toMatchObject({ code: 'bad-request' });
  });
});
