import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { type Workplace, workplace } from './temporary.ts';

const ROWS = 8_000;
/** Small enough for many checkpoints in a small file. */
const HELD = 32 * 1024;
const urlOf = (at: number): string => `https://example.org/${at}.jpg`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const all = Array.from({ length: ROWS }, (_, at) => at);

const jsonl = (): string =>
  all.map((at) => JSON.stringify({ url: urlOf(at), sha256: sha256(urlOf(at)), caption: `${at}` })).join('\n');
const parquet = (): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'url', data: all.map(urlOf), type: 'STRING' },
        { name: 'sha256', data: all.map((at) => sha256(urlOf(at))), type: 'STRING' },
        { name: 'text', data: all.map((at) => `${at}`), type: 'STRING' },
      ],
      rowGroupSize: 3000,
    }),
  );

/** Every record once, with its own digest and label; nothing else. */
async function expectWhole(place: Workplace): Promise<void> {
  const index = await place.index();
  const found = await index.findAll(all.map(urlOf));
  expect(found.filter((records) => records.length !== 1)).toEqual([]);
  expect(found.map(([record]) => record?.label)).toEqual(all.map((at) => `${at}`));
  expect(found.map(([record]) => record?.digests[0]?.value)).toEqual(all.map((at) => sha256(urlOf(at))));
  expect((await index.datasets()).map(({ records }) => records)).toEqual([ROWS]);
  expect(await readdir(join(place.dir, 'index', 'imports'))).toEqual([]);
}

describe('an import that is interrupted', () => {
  it.each([
    ['data.jsonl', jsonl],
    ['data.parquet', parquet],
  ] as const)('%s goes on where it was when it is asked to stop', async (name, content) => {
    await using place = await workplace();
    const file = await place.write(name, content());
    const counts: number[] = [];
    for (let stops = 1; stops <= 4; stops++) {
      const abort = new AbortController();
      const before = counts.at(-1) ?? 0;
      const { imported } = await place.import([file], {
        held: HELD,
        signal: abort.signal,
        onProgress: (progress) => {
          if (progress.imported > before) abort.abort();
        },
      });
      counts.push(imported);
      if (imported < ROWS) expect(await (await place.index()).find(urlOf(0))).toEqual([]);
    }
    expect(counts[0]).toBeLessThan(counts[1] ?? 0);
    expect(await place.import([file], { held: HELD })).toMatchObject({ imported: ROWS, skipped: 0 });
    await expectWhole(place);
  });

  it('loses nothing and doubles nothing when it is killed', async () => {
    await using place = await workplace();
    const file = await place.write('data.jsonl', jsonl());
    for (const after of [3, 6]) {
      const child = spawn(
        process.execPath,
        [join(import.meta.dirname, 'import-child.ts'), join(place.dir, 'index'), file, String(HELD)],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      let lines = 0;
      for await (const _ of createInterface(child.stdout)) {
        lines++;
        if (lines === after) child.kill('SIGKILL');
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    expect(await place.import([file], { held: HELD })).toMatchObject({ imported: ROWS, skipped: 0 });
    await expectWhole(place);
  });

  it('is not run twice at once', async () => {
    await using place = await workplace();
    const file = await place.write('data.jsonl', jsonl());
    const outcomes = await Promise.allSettled([place.import([file]), place.import([file])]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'busy' } });
  });
});
