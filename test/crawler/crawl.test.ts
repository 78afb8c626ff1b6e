import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WARCParser } from 'warcio';
import { createClient, verdictOf } from '../../crawler/client.ts';
import { crawl } from '../../crawler/crawl.ts';
import { createRobots } from '../../crawler/robots.ts';
import type { Row } from '../../crawler/row.ts';
import { openState, rowsOf } from '../../crawler/state.ts';
import { writeTable } from '../../crawler/table.ts';
import { openWarc } from '../../crawler/warc.ts';
import { type Answer, html, redirect, text } from '../origin/answer.ts';
import { type Origin, startOrigin } from '../origin/server.ts';
import { type Forwarder, startForwarder } from './forwarder.ts';

const judged = (answer: Answer, verdict: string): Answer => ({
  ...answer,
  fields: { ...answer.fields, 'Foretaste-Verdict': verdict },
});

let folder: string;
let origin: Origin;
let proxy: Forwarder;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foretaste-crawl-'));
  proxy = await startForwarder();
  let failures = 0;
  origin = await startOrigin({
    '*': {
      '/robots.txt': () => text('User-agent: *\nDisallow: /private\n'),
      '/clean': () => judged(html('<p>clean</p>'), 'clean;action=pass;id="01A";quorum="2/2"'),
      '/poisoned': () => judged(text('blocked', 410), 'poisoned;action=block;id="01B";quorum="0/3"'),
      '/moved': () => redirect('/clean'),
      '/private': () => html('no'),
      '/shaky': () => (failures++ === 0 ? html('later', 503) : html('now')),
    },
  });
});
afterEach(async () => {
  await Promise.all([origin.close(), proxy.close()]);
  await rm(folder, { recursive: true });
});

async function run(paths: readonly string[], options: { stop?: AbortSignal } = {}): Promise<Row[]> {
  const file = join(folder, 'state.jsonl');
  const client = createClient({ proxy: proxy.url, userAgent: 'test/1', timeout: 5000, maxBody: 1e6 });
  const state = await openState(file);
  const warc = await openWarc(
    join(folder, `${crypto.randomUUID()}.warc.gz`),
    'test/1',
    new Date().toISOString(),
  );
  const never = new AbortController().signal;
  await crawl(
    (async function* () {
      for (const path of paths) yield origin.urls.http() + path;
    })(),
    { concurrency: 2, delay: 0, retries: 1 },
    {
      client,
      robots: createRobots(client, 'test'),
      state,
      warc,
      clock: Date.now,
      sleep: async () => undefined,
      report: () => undefined,
    },
    { stop: options.stop ?? never, abandon: never },
  );
  await Promise.all([state.close(), warc.close(), client.close()]);
  const rows: Row[] = [];
  for await (const row of rowsOf(file)) rows.push(row);
  return rows;
}

const asked = (path: string): number => origin.requests.filter((one) => one.path === path).length;

describe('the crawler', () => {
  it('writes a row with the verdict, and no content of what was withheld', async () => {
    const rows = await run(['/clean', '/poisoned']);
    expect(
      rows.map(({ status, verdict, action, bytes, id }) => ({ status, verdict, action, bytes, id })),
    ).toEqual([
      { status: 200, verdict: 'clean', action: 'pass', bytes: 12, id: '01A' },
      { status: 410, verdict: 'poisoned', action: 'block', bytes: 0, id: '01B' },
    ]);
    expect(asked('/poisoned')).toBe(1);
  });

  it('follows redirects and keeps what robots.txt forbids away', async () => {
    const [moved, forbidden] = await run(['/moved', '/private']);
    expect(moved).toMatchObject({ status: 200, final_url: `${origin.urls.http()}/clean` });
    expect(forbidden).toMatchObject({
      status: null,
      error: `robots.txt does not allow ${origin.urls.http()}/private`,
    });
    expect(asked('/private')).toBe(0);
  });

  it('tries again what may pass', async () => {
    expect(await run(['/shaky'])).toMatchObject([{ status: 200, bytes: 3 }]);
    expect(asked('/shaky')).toBe(2);
  });

  it('does not fetch again what is done', async () => {
    await run(['/clean']);
    await run(['/clean', '/moved']);
    expect(await run(['/clean', '/moved'])).toHaveLength(2);
    expect(asked('/moved')).toBe(1);
  });

  it('stops where it is told to', async () => {
    expect(await run(['/clean'], { stop: AbortSignal.abort() })).toEqual([]);
  });

  it('writes content as WARC and rows as Parquet', async () => {
    const rows = await run(['/clean', '/poisoned']);
    const parquet = join(folder, 'urls.parquet');
    await writeTable(join(folder, 'state.jsonl'), parquet);
    const table = await parquetReadObjects({ file: await asyncBufferFromFile(parquet) });
    expect(table.map(({ url, sha256, verdict, status }) => ({ url, sha256, verdict, status }))).toEqual(
      rows.map(({ url, sha256, verdict, status }) => ({ url, sha256, verdict, status })),
    );
    const records = await recordsOf(folder);
    expect(records).toEqual([
      { type: 'warcinfo' },
      { type: 'response', url: `${origin.urls.http()}/clean`, text: '<p>clean</p>' },
    ]);
  });

  it('goes on after a line that a crash cut off', async () => {
    await run(['/clean']);
    const file = join(folder, 'state.jsonl');
    const whole = await readFile(file, 'utf8');
    await writeFile(file, `${whole}{"url":"${origin.urls.http()}/mo`);
    expect(await run(['/clean', '/moved'])).toHaveLength(2);
  });
});

async function recordsOf(dir: string) {
  const [file = ''] = (await readdir(dir)).filter((name) => name.endsWith('.warc.gz'));
  const records: Record<string, string>[] = [];
  for await (const record of WARCParser.iterRecords([await readFile(join(dir, file))])) {
    if (record.warcType === 'warcinfo') records.push({ type: 'warcinfo' });
    else
      records.push({
        type: record.warcType,
        url: String(record.warcTargetURI),
        text: await record.contentText(),
      });
  }
  return records;
}

describe('verdictOf', () => {
  it('reads the field of the guard', () => {
    expect(verdictOf('poisoned;action=block;id="01B";quorum="0/3"')).toEqual({
      verdict: 'poisoned',
      action: 'block',
      id: '01B',
    });
    expect(verdictOf('')).toBeUndefined();
  });
});
