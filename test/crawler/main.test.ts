import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { text } from '../origin/answer.ts';
import { type Origin, startOrigin } from '../origin/server.ts';
import { type Forwarder, startForwarder } from './forwarder.ts';

const MAIN = resolve(import.meta.dirname, '../../crawler/main.ts');

let folder: string;
let origin: Origin;
let proxy: Forwarder;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foretaste-crawler-'));
  proxy = await startForwarder();
  origin = await startOrigin({
    '*': {
      '/robots.txt': () => text(''),
      '/slow': () => ({ ...text('slow'), delay: 300 }),
      '/*': () => text('content'),
    },
  });
});
afterEach(async () => {
  await Promise.all([origin.close(), proxy.close()]);
  await rm(folder, { recursive: true });
});

function start(...args: string[]): {
  child: ChildProcess;
  ended: Promise<{ status: number | null; said: string }>;
} {
  const { http_proxy: _, SSL_CERT_FILE: __, ...env } = process.env;
  const child = spawn(process.execPath, [MAIN, '--delay', '0', '--out', join(folder, 'out'), ...args], {
    env,
  });
  const said: Buffer[] = [];
  child.stderr?.on('data', (piece: Buffer) => said.push(piece));
  const ended = once(child, 'close').then(([status]) => ({
    status: status as number | null,
    said: Buffer.concat(said).toString(),
  }));
  return { child, ended };
}

const list = async (paths: readonly string[]): Promise<string> => {
  const file = join(folder, 'urls.txt');
  await writeFile(
    file,
    paths.map((path) => `${path.startsWith('/') ? origin.urls.http() : ''}${path}\n`).join(''),
  );
  return file;
};
const rows = async (): Promise<string[]> =>
  (await readFile(join(folder, 'out', 'state.jsonl'), 'utf8')).trim().split('\n').filter(Boolean);

describe('node crawler/main.ts', () => {
  it('teaches how to use it', async () => {
    const { child, ended } = start('--help');
    const out = (await child.stdout?.toArray())?.join('') ?? '';
    expect((await ended).status).toBe(0);
    expect(out).toContain('foretaste run -- node crawler/main.ts --list urls.txt');
  });

  it.each([
    [['http://example.org/'], "Expected the guard's URL in --proxy or http_proxy but received nothing."],
    [['--proxy', 'http://127.0.0.1:9'], 'Expected URLs or --list but received neither.'],
    [
      ['--proxy', 'http://127.0.0.1:9', '--list', '/nowhere'],
      'Expected a file in --list but received /nowhere, which does not exist.',
    ],
    [['--concurrency', 'x'], 'Expected a whole number of at least 1.'],
  ])('refuses %j with one sentence and status 2', async (args, sentence) => {
    const { status, said } = await start(...args).ended;
    expect(said).toContain(sentence);
    expect(status).toBe(2);
  });

  it('fetches a list, and says which lines are no URLs', async () => {
    const file = await list(['/1', '# a comment', 'ftp://example.org/x', '', '/2#part']);
    const { status, said } = await start('--proxy', proxy.url, '--list', file).ended;
    expect(said).toContain(`Expected an http or https URL but received "ftp://example.org/x" in ${file}:3.`);
    expect(said).toContain('2 done, 0.0 MB: no verdict 2');
    expect(status).toBe(0);
    expect(await rows()).toHaveLength(2);
    expect(
      (await readdir(join(folder, 'out'))).map((name) => name.replace(/crawl-.*\.warc/, 'crawl.warc')).sort(),
    ).toEqual(['crawl.warc.gz', 'state.jsonl', 'urls.parquet']);
  });

  it('stops cleanly at Ctrl-C, says how to go on, and goes on', async () => {
    const paths = ['/slow', '/1', '/2', '/3'];
    const args = ['--proxy', proxy.url, '--list', await list(paths), '--concurrency', '1'];
    const first = start(...args);
    while (!origin.requests.some(({ path }) => path === '/slow'))
      await new Promise((next) => setTimeout(next, 10));
    first.child.kill('SIGINT');
    const { status, said } = await first.ended;
    expect(status).toBe(130);
    expect(said).toContain('Stopped. Go on with the same command; what is done is not fetched again.');
    expect(await rows()).toHaveLength(1);

    expect((await start(...args).ended).status).toBe(0);
    expect(await rows()).toHaveLength(4);
    expect(origin.requests.filter(({ path }) => path === '/slow')).toHaveLength(1);
  });
});
