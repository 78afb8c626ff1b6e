/**
 * `npm run demo [-- --once] [-- --pages DIR]`: a hostile web, the guard before it, and 200 URLs crawled through both.
 * Prints what was expected and what came, and leaves the dashboard open; `--once` exits.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { stringify } from 'yaml';
import { loadConfig } from '../src/config.ts';
import { startNode } from '../src/node.ts';
import { type Exhibit, exhibits, sitesOf } from './demo/exhibits.ts';
import { savedPages } from './demo/saved-pages.ts';
import { type Outcome, verdictTable } from './demo/table.ts';
import { startOrigin } from './origin/server.ts';

const CRAWLER = resolve(import.meta.dirname, '../crawler/main.ts');
/** Says that it is a robot, as an honest crawler does: that is whom the liars lie to. */
const AGENT = 'example-bot/1.0 (+https://example.org/bot)';

const { values } = parseArgs({
  options: { once: { type: 'boolean', default: false }, pages: { type: 'string' } },
});
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Ctrl-C, also while the crawl is under way: the crawler hears it too, and what was made here is removed. */
const told = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() => true);
const isTold = () => Promise.race([told, false]);

const folder = await mkdtemp(join(tmpdir(), 'foretaste-demo-'));
const shown = values.pages === undefined ? await exhibits() : await savedPages(values.pages);
const origin = await startOrigin(sitesOf(shown));
const node = await startNode(await configure(folder, origin.ca));
const urlOf = ({ host, path }: Exhibit): string => origin.urls.http(host) + path;
say(`hostile web on ${origin.urls.http()}, guard on ${node.proxyUrl}, dashboard on ${node.apiUrl}/`);

try {
  say(
    `Crawling ${shown.length} URLs of ${new Set(shown.map(({ host }) => host)).size} hosts through the guard ...`,
  );
  const startedAt = Date.now();
  const status = await crawl(shown.map(urlOf));
  if (!(await isTold())) {
    if (status !== 0) throw new Error(`Expected the crawler to end with status 0 but received ${status}.`);
    say(`Crawled in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.\n`);
    say(verdictTable(await outcomes()));
    if (!values.once) {
      say(`\nThe dashboard is open at ${node.apiUrl}/ until Ctrl-C.`);
      await told;
    }
  }
} finally {
  await node.close();
  await origin.close();
  await rm(folder, { recursive: true, force: true });
}

/** Every exchange is audited, and references leave from two addresses. */
async function configure(data: string, ca: string) {
  const pem = join(data, 'origin.pem');
  const file = join(data, 'foretaste.yaml');
  await writeFile(pem, ca);
  await writeFile(
    file,
    stringify({
      proxy: { listen: `127.0.0.1:${await freeOr(8080)}` },
      api: { listen: `127.0.0.1:${await freeOr(8081)}` },
      data: join(data, 'data'),
      upstream: { ca: [pem] },
      destinations: { allow: ['127.0.0.0/8', '::1/128'] },
      perspectives: [{ name: 'second', localAddress: '127.0.0.2', group: 'lab' }],
      // A small machine that plays web, guard and crawler at once takes its time.
      audit: { rate: 1, deadline: '30s' },
    }),
  );
  return loadConfig({ config: file });
}

/** `port` where nobody listens on it, 0 (any) otherwise. */
async function freeOr(port: number): Promise<number> {
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
    return port;
  } catch {
    return 0;
  } finally {
    probe.close();
  }
}

async function crawl(urls: readonly string[]): Promise<number> {
  const list = join(folder, 'urls.txt');
  await writeFile(list, `${urls.join('\n')}\n`);
  const { proxy, bundle } = await node.reach();
  const flags = [
    '--proxy',
    proxy,
    '--ca',
    bundle,
    '--list',
    list,
    '--out',
    join(folder, 'crawl'),
    '--delay',
    '0',
    '--user-agent',
    AGENT,
  ];
  const child = spawn(process.execPath, [CRAWLER, ...flags], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [status] = (await once(child, 'exit')) as [number | null];
  return status ?? -1;
}

/** As the crawler's own table has it. */
async function outcomes(): Promise<Outcome[]> {
  const file = await asyncBufferFromFile(join(folder, 'crawl', 'urls.parquet'));
  const rows = (await parquetReadObjects({ file })) as unknown as Record<
    'url' | 'verdict' | 'action',
    string | null
  >[];
  const byUrl = new Map(rows.map((row) => [row.url, row]));
  return shown.map((exhibit) => {
    const row = byUrl.get(urlOf(exhibit));
    return { exhibit, verdict: row?.verdict ?? null, action: row?.action ?? null };
  });
}
