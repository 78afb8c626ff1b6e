/** Real crawlers behind `foretaste run --`: clean content byte for byte, poison as one final failure. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { openSqlite } from '../../src/store/sqlite.ts';
import { bytes, lie } from '../origin/answer.ts';
import { picture } from '../origin/pictures.ts';
import { fromAddress } from '../origin/selectors.ts';
import { startOrigin } from '../origin/server.ts';
import { runCommand, scratch } from '../process.ts';

export const about =
  'curl, wget, aria2, Scrapy and img2dataset through `foretaste run --`, over HTTP and HTTPS';

/** What a crawl of one URL came to. */
interface Got {
  readonly sha256: string | undefined;
  /** What the client says of it. */
  readonly said: string;
}

interface Client {
  readonly name: string;
  /** The command for `url`, which may write into `folder`. */
  command(url: string, folder: string): string[];
  read(folder: string, status: number | null, output: string): Promise<Got>;
}

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
const saved = (folder: string): string | undefined => {
  const file = join(folder, 'content');
  return existsSync(file) && readFileSync(file).length > 0 ? sha256(readFileSync(file)) : undefined;
};
const readSaved = async (folder: string, status: number | null, output: string): Promise<Got> => ({
  sha256: saved(folder),
  said: `exit ${status} ${/410[^\n]*/.exec(output)?.[0] ?? ''}`.trim(),
});

const SPIDER = `
import scrapy, sys
class Taste(scrapy.Spider):
    name = 'taste'
    custom_settings = {'LOG_LEVEL': 'ERROR', 'ROBOTSTXT_OBEY': False}
    def start_requests(self):
        yield scrapy.Request(self.url, callback=self.keep, errback=self.failed)
    async def start(self):
        for each in self.start_requests(): yield each
    def keep(self, response):
        open(self.out, 'wb').write(response.body)
    def failed(self, failure):
        print('failed', failure.value.response.status, failure.value.response.headers.get('Foretaste-Verdict'))
`;

const CLIENTS: readonly Client[] = [
  { name: 'curl', command: (url, to) => ['curl', '-sSf', '-o', join(to, 'content'), url], read: readSaved },
  { name: 'wget', command: (url, to) => ['wget', '-nv', '-O', join(to, 'content'), url], read: readSaved },
  {
    name: 'scrapy',
    command: (url, to) => {
      writeFileSync(join(to, 'spider.py'), SPIDER);
      return [
        'scrapy',
        'runspider',
        join(to, 'spider.py'),
        '-a',
        `url=${url}`,
        '-a',
        `out=${join(to, 'content')}`,
      ];
    },
    read: async (folder, status, output) => ({
      sha256: saved(folder),
      said: `exit ${status} ${/failed \d+/.exec(output)?.[0] ?? ''}`.trim(),
    }),
  },
  {
    name: 'img2dataset',
    command: (url, to) => {
      writeFileSync(join(to, 'urls.txt'), `${url}\n`);
      // Its own default of no retries: with --retries it asks again after every failure, whatever the status.
      const options = ['--processes_count', '1', '--thread_count', '1', '--output_format', 'files'];
      return [
        'img2dataset',
        '--url_list',
        join(to, 'urls.txt'),
        '--output_folder',
        join(to, 'out'),
        ...options,
      ];
    },
    read: async (folder, status) => {
      const shards = readdirSync(join(folder, 'out')).filter((file) => file.endsWith('.parquet'));
      const file = await asyncBufferFromFile(join(folder, 'out', shards[0] ?? 'none.parquet'));
      const [row] = await parquetReadObjects({ file, compressors });
      return {
        sha256: row?.['sha256'] ?? undefined,
        said: `exit ${status} ${row?.['error_message'] ?? ''}`.trim(),
      };
    },
  },
];

/** `npm run bench -- crawlers [--python DIR]`: DIR holds scrapy and img2dataset, as a virtual environment's `bin` does. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { python: { type: 'string' } } });
  const path = [...(values.python === undefined ? [] : [values.python]), process.env['PATH'] ?? ''].join(
    delimiter,
  );
  const honest = await picture(1, 256);
  const other = await picture(2, 256);
  const origin = await startOrigin({
    '*': {
      '/clean.png': () => bytes(honest, 'image/png'),
      '/poison.png': lie(fromAddress('127.0.0.1'), bytes(other, 'image/png'), bytes(honest, 'image/png')),
    },
  });
  let wrong = 0;
  try {
    for (const client of CLIENTS) {
      if (spawnSync('which', [client.name], { env: { PATH: path } }).status !== 0) {
        process.stdout.write(`${client.name.padEnd(12)} not installed\n`);
        continue;
      }
      for (const base of [origin.urls.http(), origin.urls.https()]) {
        const clean = await crawl(client, `${base}/clean.png`, origin.ca, path);
        const poison = await crawl(client, `${base}/poison.png`, origin.ca, path);
        const good =
          clean.sha256 === sha256(honest) &&
          poison.sha256 === undefined &&
          clean.exchanges === 1 &&
          poison.exchanges === 1;
        if (!good) wrong += 1;
        process.stdout.write(
          `${client.name.padEnd(12)} ${base.split(':')[0]?.padEnd(6)} ${good ? 'ok   ' : 'WRONG'} ` +
            `clean ${clean.verdict}, ${clean.exchanges} request(s), same bytes ${clean.sha256 === sha256(honest)}; ` +
            `poison ${poison.verdict}, ${poison.exchanges} request(s), ${poison.said}\n`,
        );
      }
    }
  } finally {
    await origin.close();
  }
  if (wrong > 0) process.exitCode = 1;
}

/** One URL through one client behind a guard of its own; what it got, and how many exchanges that took. */
async function crawl(client: Client, url: string, ca: string, path: string) {
  const place = scratch('');
  const caFile = join(place.folder, 'origin.pem');
  const output = join(place.folder, 'output');
  mkdirSync(output);
  writeFileSync(caFile, ca);
  writeFileSync(
    place.config,
    `destinations: { allow: [127.0.0.0/8] }\nperspectives: [{ name: second, localAddress: 127.0.0.2 }]\nupstream: { ca: [${caFile}] }\n`,
  );
  try {
    const { status, stdout, stderr } = await runCommand(
      ['run', '--config', place.config, '--data', place.data, '--', ...client.command(url, output)],
      { env: { ...process.env, PATH: path } },
    );
    const got = await client.read(output, status, stdout + stderr);
    const store = await openSqlite(join(place.data, 'foretaste.sqlite'), { clock: Date.now });
    const { items } = await store.verdicts.list({ url, limit: 100 });
    await store.close();
    return { ...got, exchanges: items.length, verdict: items[0]?.verdict };
  } finally {
    place.remove();
  }
}
