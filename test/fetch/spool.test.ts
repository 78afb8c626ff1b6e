/** Content kept while it arrives: in memory, on disk, and for readers at any moment. */
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Spool, SpoolRoom } from '../../src/fetch/spool.ts';

const room = (memory?: number): SpoolRoom =>
  new SpoolRoom(mkdtempSync(join(tmpdir(), 'foretaste-spool-')), memory);
const piece = (n: number, size = 1000): Buffer => Buffer.alloc(size, `${n}`);

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += Buffer.from(chunk).toString();
  return text;
}

describe.each([
  ['memory', 1000],
  ['a file', 200_000],
])('content in %s', (_where, size) => {
  const pieces = Array.from({ length: 9 }, (_, n) => piece(n, size));
  const whole = Buffer.concat(pieces).toString();

  it('is read whole, and streamed more than once', async () => {
    const spool = new Spool(room());
    for (const chunk of pieces) spool.append(chunk);
    await spool.seal();
    expect(spool.size).toBe(whole.length);
    expect(Buffer.from(await spool.bytes()).toString() === whole).toBe(true);
    expect((await textOf(spool.stream())) === whole).toBe(true);
    expect((await textOf(spool.stream())) === whole).toBe(true);
    await spool.release();
  });

  it('is followed by readers that come early', async () => {
    const spool = new Spool(room());
    const early = textOf(spool.stream());
    for (const chunk of pieces) {
      spool.append(chunk);
      await new Promise(setImmediate);
    }
    const late = textOf(spool.stream());
    await spool.seal();
    expect((await early) === whole).toBe(true);
    expect((await late) === whole).toBe(true);
    await spool.release();
  });

  it('is gone once released, which may be said twice', async () => {
    const spool = new Spool(room());
    for (const chunk of pieces) spool.append(chunk);
    await spool.seal();
    await spool.release();
    await spool.release();
    await expect(spool.bytes()).rejects.toThrow('released');
  });
});

it('a file has no name, so that nothing is left whatever ends the process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'foretaste-spool-'));
  const spool = new Spool(new SpoolRoom(folder));
  spool.append(piece(1, 1 << 20));
  expect(readdirSync(folder)).toEqual([]);
  await spool.seal();
  await spool.release();
});

it('small content goes to a file where all memory is claimed, and back to memory when it is freed', async () => {
  const small = room(1500);
  const [first, second, third] = [new Spool(small), new Spool(small), new Spool(small)];
  first.append(piece(1));
  second.append(piece(2));
  expect([first.held.length, second.held.length]).toEqual([1, 0]);
  await first.release();
  third.append(piece(3));
  expect(third.held.length).toBe(1);
  await second.seal();
  expect(await textOf(second.stream())).toBe(piece(2).toString());
  await Promise.all([second.release(), third.release()]);
});

it('asks to wait while the disk is behind', async () => {
  const spool = new Spool(room());
  expect(spool.append(piece(1, 100_000))).toBe(true);
  expect(spool.append(piece(1, 3 << 20))).toBe(false);
  await spool.room();
  expect(spool.append(piece(1, 1000))).toBe(true);
  await spool.seal();
  await spool.release();
});
