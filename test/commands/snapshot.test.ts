/** `foretaste snapshot` as a process: what it prints, and what Ctrl-C does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CLI = join(import.meta.dirname, '..', '..', 'src', 'cli.ts');
const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'foretaste-command-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

interface Ended {
  readonly out: string;
  readonly complaints: string;
  readonly status: number | null;
}

async function foretaste(
  args: readonly string[],
  { data = join(dir, 'data'), during }: { data?: string; during?: (child: ChildProcess) => void } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, 'snapshot', ...args, '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: dir,
  });
  during?.(child);
  const exit = once(child, 'exit');
  const [out, complaints, [status]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { out, complaints, status: status as number | null };
}

describe('foretaste snapshot', () => {
  it('imports columns that the user names, says of each bad row what was expected, and lists the dataset', async () => {
    const file = join(dir, 'set.csv');
    await writeFile(
      file,
      [
        'link,sum',
        `https://example.org/a,${sha256('a')}`,
        'https://example.org/b,zz',
        `nothing,${sha256('c')}`,
      ].join('\n'),
    );
    const { out, complaints, status } = await foretaste([
      'import',
      '--column',
      'url=link',
      '--column',
      'sha256=sum',
      file,
    ]);
    expect([out, status]).toEqual(['imported 1 records, skipped 2, files 1\n', 0]);
    expect(complaints).toContain(
      `skipped ${file}:3 sum: expected 64 hex digits (sha256), or the same in base32 or base64, got zz (2 characters)\n`,
    );
    expect(complaints).toContain(
      `skipped ${file}:4 link: expected an absolute http or https URL, got nothing\n`,
    );
    expect((await foretaste(['list'])).out).toBe(
      'set: 1 records, 2 skipped; 0 checked, 0 agree, 0 changed\n',
    );
    expect(JSON.parse((await foretaste(['lookup', 'https://example.org/a'])).out)).toMatchObject([
      { url: 'https://example.org/a', dataset: 'set', digests: [{ alg: 'sha256', value: sha256('a') }] },
    ]);
  });

  it('looks into the further indexes that the configuration names, and says which of them is none', async () => {
    const config = join(dir, 'fleet.yaml');
    const elsewhere = join(dir, 'elsewhere');
    await writeFile(join(dir, 'shared.csv'), `url,md5\nhttps://example.org/shared,${'0'.repeat(32)}\n`);
    await foretaste(['import', join(dir, 'shared.csv')], { data: elsewhere });
    await writeFile(config, `snapshots: { indexes: [${join(elsewhere, 'snapshots')}] }\n`);
    const { out } = await foretaste(['lookup', '--config', config, 'https://example.org/shared']);
    expect(JSON.parse(out)).toMatchObject([{ dataset: 'shared' }]);
    await writeFile(config, `snapshots: { indexes: [${dir}] }\n`);
    const { complaints, status } = await foretaste([
      'lookup',
      '--config',
      config,
      'https://example.org/shared',
    ]);
    expect([complaints, status]).toEqual([
      `foretaste: Expected an index with manifest.json but found none in ${dir}.\n`,
      1,
    ]);
  });

  it.each([
    [['--column', 'url'], 'Expected --column FIELD=NAME but received "url".'],
    [['--column', 'link=url'], 'Expected --column FIELD=NAME with a field of url, md5'],
  ])('%j is a mistake of the user', async (options, message) => {
    const file = join(dir, 'set.csv');
    const { complaints, status } = await foretaste(['import', ...options, file]);
    expect([complaints, status]).toEqual([expect.stringContaining(message), 2]);
  });

  it('stops at Ctrl-C, says how to go on, and goes on from there', async () => {
    const file = join(dir, 'large.jsonl');
    const count = 150_000;
    const lines = Array.from(
      { length: count },
      (_, at) => `{"url":"https://example.org/${at}","md5":"${at.toString(16).padStart(32, '0')}"}`,
    );
    await writeFile(file, lines.join('\n'));
    const stopped = await foretaste(['import', file], {
      during: (child) => child.stderr?.once('data', () => child.kill('SIGINT')),
    });
    expect(stopped.status).toBe(130);
    expect(stopped.complaints).toContain('stopped; run the same command again to go on from here\n');
    expect(Number(/^imported (\d+) records/.exec(stopped.out)?.[1])).toBeLessThan(count);
    expect((await foretaste(['lookup', 'https://example.org/0'])).out).toBe('[]\n');
    expect((await foretaste(['import', file])).out).toBe(`imported ${count} records, skipped 0, files 1\n`);
    expect((await foretaste(['list'])).out).toContain(`large: ${count} records, 0 skipped`);
  });
});
