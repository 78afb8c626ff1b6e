/** A thousand slow downloads at once: what the guard holds in memory, and whether a client that stalls stalls anybody else. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startGuard } from './proxy/foretaste.ts';
import { type Contender, portOf } from './proxy/process.ts';
import { median } from './proxy/tables.ts';

export const about = 'memory under slow downloads of 50 MB: [CLIENTS=1000] [SECONDS=30] [--workers N]';

const SIZE = 50_000_000;
/** Of the issue. */
const TARGET_MIB = 512;
/** What a slow client takes at a time, and how often: 32 KB a second, 26 MB/s for 800 of them. */
const SIP = 16 * 1024;
const SIP_EVERY = 500;
/** A small request that is not answered by then counts as unanswered. */
const PATIENCE = 10_000;
/** Whole downloads end by then, complete or not. */
const MOST_SPAN = 120_000;
/** Disk that must stay free, whatever the benchmark asks for. */
const KEPT_FREE = 30e9;

interface Scenario {
  readonly title: string;
  readonly config: string;
  readonly path: string;
  readonly clients: number;
  /** Of the clients, so many read nothing at all. */
  readonly stalled: number;
  /** Slow clients sip; others take what comes. */
  readonly sips: boolean;
}

/** Nothing but fetching, keeping and delivering: what memory they need is the question. */
const QUIET = 'audit: { rate: 0, floor: 0 }\nscreen: { image: false, text: false, code: false }';

const scenariosFor = (clients: number): readonly Scenario[] => [
  {
    title: `${clients} downloads from a slow origin (32 KB/s each), enforce: held on disk until judged`,
    config: QUIET,
    path: `/${SIZE}/32768`,
    clients,
    stalled: Math.round(clients / 5),
    sips: true,
  },
  {
    title: `${clients} slow clients (32 KB/s, a fifth of them stalled), content over the limit: streamed`,
    config: `${QUIET}\nlimits: { body: 1MiB }`,
    path: `/${SIZE}`,
    clients,
    stalled: Math.round(clients / 5),
    sips: true,
  },
  {
    title: `${clients} slow clients (32 KB/s, a fifth of them stalled), observe mode, content over the limit: streamed`,
    config: `${QUIET}\nmode: observe\nlimits: { body: 1MiB }`,
    path: `/${SIZE}`,
    clients,
    stalled: Math.round(clients / 5),
    sips: true,
  },
  {
    title: `${Math.round(clients / 10)} whole downloads, enforce: held on disk, judged, delivered`,
    config: QUIET,
    path: `/${SIZE}`,
    clients: Math.round(clients / 10),
    stalled: 0,
    sips: false,
  },
];

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { workers: { type: 'string', default: '1' } },
  });
  const [clients = '1000', seconds = '30'] = positionals;
  const dir = mkdtempSync(join(tmpdir(), 'foretaste-bench-'));
  const origin = spawn(process.execPath, [join(import.meta.dirname, 'proxy/download-origin.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const port = await portOf(origin, /listening on http:\/\/127\.0\.0\.1:(\d+)/);
    process.stdout.write(
      '| downloads | MB delivered | complete | peak MiB | small requests beside: count | p50 ms | p99 ms | unanswered | |\n|---|---|---|---|---|---|---|---|---|\n',
    );
    for (const [at, scenario] of scenariosFor(Number(clients)).entries()) {
      const { bavail, bsize } = statfsSync(dir);
      if (bavail * bsize < KEPT_FREE) throw new Error(`Expected ${KEPT_FREE / 1e9} GB free in ${dir}.`);
      const place = { dir, workers: Number(values.workers) };
      const guard = await startGuard(place, `downloads-${at}`, scenario.config);
      try {
        process.stdout.write(await measure(scenario, guard, port, Number(seconds) * 1000));
      } finally {
        guard.stop();
        await guard.ended;
        rmSync(join(dir, `downloads-${at}-data`), { recursive: true, force: true });
      }
    }
  } finally {
    origin.kill();
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** One row of the table. */
async function measure(scenario: Scenario, guard: Contender, origin: number, span: number): Promise<string> {
  const { title, path, clients, stalled, sips } = scenario;
  const url = `http://127.0.0.1:${origin}`;
  const downloads = Array.from({ length: clients }, (_, at) =>
    download(guard.port ?? 0, `${url}${path}?${at}`, at < stalled ? 'nothing' : sips ? 'sips' : 'all'),
  );
  const latencies: number[] = [];
  const end = performance.now() + (sips ? span : MOST_SPAN);
  const whole = sips ? undefined : Promise.all(downloads.map(({ ended }) => ended)).then(() => true);
  for (let over = false; !over && performance.now() < end; ) {
    const before = performance.now();
    await small(guard.port ?? 0, `${url}/small?${latencies.length}`);
    latencies.push(performance.now() - before);
    const pause = new Promise<false>((resolve) => setTimeout(() => resolve(false), 50));
    over = whole === undefined ? await pause : await Promise.race([whole, pause]);
  }
  const received = downloads.reduce((sum, each) => sum + each.received(), 0);
  const unanswered = latencies.filter((each) => each >= PATIENCE).length;
  const complete = downloads.filter((each) => each.received() >= SIZE).length;
  const peak = guard.peak();
  for (const { socket } of downloads) socket.destroy();
  latencies.sort((a, b) => a - b);
  const p99 = latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN;
  const cells = [
    title,
    (received / 1e6).toFixed(0),
    complete,
    peak.toFixed(0),
    latencies.length,
    median(latencies).toFixed(1),
    p99.toFixed(1),
    unanswered,
    peak < TARGET_MIB ? 'met' : `missed: ${TARGET_MIB} MiB`,
  ];
  return `| ${cells.join(' | ')} |\n`;
}

interface Download {
  readonly socket: Socket;
  received(): number;
  readonly ended: Promise<void>;
}

/** A client that takes all, a little at a time, or nothing. */
function download(proxy: number, url: string, takes: 'all' | 'sips' | 'nothing'): Download {
  const socket = connect({ port: proxy, host: '127.0.0.1' });
  const { promise, resolve } = Promise.withResolvers<void>();
  let received = 0;
  socket.on('error', () => undefined).on('close', () => resolve());
  socket.write(`GET ${url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  if (takes === 'all') {
    socket.on('data', (data) => {
      received += data.length;
    });
  } else if (takes === 'sips') {
    socket.on('readable', () => undefined);
    const timer = setInterval(() => {
      received += (socket.read(SIP) as Buffer | null)?.length ?? 0;
    }, SIP_EVERY);
    socket.on('close', () => clearInterval(timer));
  }
  return { socket, received: () => received, ended: promise };
}

/** One small request on a connection of its own; resolves when it is answered, or when patience has ended. */
function small(proxy: number, url: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect(proxy, '127.0.0.1');
  const timer = setTimeout(resolve, PATIENCE);
  let answer = '';
  socket.on('error', reject);
  socket.on('data', (data) => {
    answer += data.toString('latin1');
  });
  socket.on('close', () => {
    clearTimeout(timer);
    if (answer.endsWith('small')) resolve();
    else reject(new Error(`Expected "small" but received ${answer}.`));
  });
  socket.write(`GET ${url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  return promise;
}
