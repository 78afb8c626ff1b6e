#!/usr/bin/env node
/** The reference crawler: URLs in, through the guard, WARC and a Parquet table out. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { createClient } from './client.ts';
import { crawl } from './crawl.ts';
import { createRobots } from './robots.ts';
import { openState } from './state.ts';
import { Summary } from './summary.ts';
import { writeTable } from './table.ts';
import { checked, type Listed, linesOf } from './urls.ts';
import { openWarc } from './warc.ts';

interface Flags {
  readonly list?: string;
  readonly out: string;
  readonly proxy?: string;
  readonly ca?: string;
  readonly concurrency: number;
  readonly delay: number;
  readonly retries: number;
  readonly timeout: number;
  readonly userAgent: string;
}

/** Longest body kept: the guard's own default for `limits.body`. */
const MAX_BODY = 64 * 2 ** 20;
/** On standard error, in milliseconds between two lines. */
const REPORT_EVERY = 2000;

const whole =
  (least: number) =>
  (given: string): number => {
    const value = Number(given);
    if (!Number.isInteger(value) || value < least) {
      throw new InvalidArgumentError(`Expected a whole number of at least ${least}.`);
    }
    return value;
  };

const program = new Command('crawler')
  .description(
    'Fetch URLs through a Foretaste guard. Content goes to a WARC, one row for each URL to a Parquet table.',
  )
  // Everything that commander refuses is usage.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .argument('[url...]', 'what to fetch')
  .option('-l, --list <file>', 'file with one URL a line, - for standard input')
  .option('-o, --out <folder>', 'where state.jsonl, crawl-*.warc.gz and urls.parquet go', 'crawl')
  .option('--proxy <url>', 'the guard; else http_proxy')
  .option('--ca <file>', "the guard's root for https URLs (foretaste ca path); else SSL_CERT_FILE")
  .option('-c, --concurrency <n>', 'requests under way at a time', whole(1), 16)
  .option('-d, --delay <ms>', 'least pause between two requests to a host', whole(0), 1000)
  .option('-r, --retries <n>', 'further tries after a failure that may pass', whole(0), 2)
  .option(
    '-t, --timeout <ms>',
    'patience for an answer; the guard holds it until its verdict',
    whole(1),
    60_000,
  )
  .option(
    '-a, --user-agent <text>',
    'name to crawl under',
    'foretaste-crawler/0.1 (+https://example.org/crawler)',
  )
  .addHelpText(
    'after',
    `
Examples:
  foretaste serve                                        start a guard, in another terminal
  node crawler/main.ts --proxy http://127.0.0.1:8080 http://example.org/
  foretaste run -- node crawler/main.ts --list urls.txt --out crawl     guard and crawl in one

Stop with Ctrl-C and start the same command again: what is done is not fetched twice.
A URL that the guard withholds has a row with its verdict and no content.`,
  );

await main(program.parse().args, program.opts<Flags>());

async function main(args: readonly string[], flags: Flags): Promise<void> {
  const proxy = flags.proxy ?? process.env['http_proxy'];
  if (!proxy || !URL.canParse(proxy)) {
    return program.error(
      `Expected the guard's URL in --proxy or http_proxy but received ${proxy || 'nothing'}.`,
      {
        exitCode: 2,
      },
    );
  }
  if (args.length === 0 && flags.list === undefined)
    program.error('Expected URLs or --list but received neither.');
  if (flags.list !== undefined && flags.list !== '-' && !existsSync(flags.list)) {
    program.error(`Expected a file in --list but received ${flags.list}, which does not exist.`, {
      exitCode: 2,
    });
  }

  await mkdir(flags.out, { recursive: true });
  const stateFile = join(flags.out, 'state.jsonl');
  const startedAt = new Date().toISOString();
  const state = await openState(stateFile);
  const warc = await openWarc(warcFile(flags.out, startedAt), flags.userAgent, startedAt);
  const ca = flags.ca ?? process.env['SSL_CERT_FILE'];
  const client = createClient({
    proxy,
    ...(ca && { ca }),
    userAgent: flags.userAgent,
    timeout: flags.timeout,
    maxBody: MAX_BODY,
  });
  const robots = createRobots(client, flags.userAgent.split('/')[0] ?? flags.userAgent);
  const summary = new Summary();
  const signals = listenForInterrupts();
  const say = (line: string): boolean => process.stderr.write(`${line}\n`);
  if (state.done.size > 0) say(`${state.done.size} URLs are done already in ${stateFile}.`);
  const reporting = setInterval(() => report(summary), REPORT_EVERY);

  try {
    await crawl(
      checked(listed(args, flags), say),
      flags,
      {
        client,
        robots,
        state,
        warc,
        clock: Date.now,
        sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
        report: (row) => summary.add(row),
      },
      signals,
    );
  } finally {
    clearInterval(reporting);
    await Promise.all([state.close(), warc.close(), client.close()]);
  }
  await writeTable(stateFile, join(flags.out, 'urls.parquet'));
  report(summary);
  if (process.stderr.isTTY) say('');
  if (signals.stop.aborted) {
    say('Stopped. Go on with the same command; what is done is not fetched again.');
    process.exitCode = 130;
  }
}

/** A line that is written over on a terminal, plain lines elsewhere. */
function report(summary: Summary): void {
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[2K${summary}` : `${summary}\n`);
}

async function* listed(args: readonly string[], { list }: Flags): AsyncGenerator<Listed> {
  for (const [at, url] of args.entries()) yield { url, where: `argument ${at + 1}` };
  if (list !== undefined) yield* linesOf(list, process.stdin);
}

/** The first Ctrl-C waits for the requests under way, the second one does not. */
function listenForInterrupts(): { stop: AbortSignal; abandon: AbortSignal } {
  const stop = new AbortController();
  const abandon = new AbortController();
  const interrupt = (): void => {
    if (stop.signal.aborted) abandon.abort();
    else process.stderr.write('Stopping after the requests under way; once more to stop at once.\n');
    stop.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return { stop: stop.signal, abandon: abandon.signal };
}

function warcFile(folder: string, startedAt: string): string {
  return join(folder, `crawl-${startedAt.replace(/[-:]|\.\d+/g, '')}-${process.pid}.warc.gz`);
}
