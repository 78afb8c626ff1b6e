/** Several processes behind one proxy port: the primary holds the API, workers hold the proxy. */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config, HostPort } from './config.ts';
import type { Core } from './core.ts';
import { ForetasteError } from './domain/index.ts';
import { type Answers, answerCalls, type Calls } from './fleet-calls.ts';
import { type Events, hearEvents } from './fleet-events.ts';
import { authorityOf } from './reach.ts';

/** What the primary tells a worker. */
export type Order =
  | { readonly kind: 'start'; readonly config: Config }
  /** A listener of the primary, which nothing may reach through a worker. */
  | { readonly kind: 'keep-off'; readonly listener: HostPort }
  /** What was judged or reviewed bears on how often this source is audited from now on. */
  | { readonly kind: 'moved'; readonly source: string }
  | Answers
  | { readonly kind: 'drain' };

/** What a worker tells the primary. */
export type Report =
  | { readonly kind: 'listening'; readonly listener: HostPort }
  | { readonly kind: 'failed'; readonly message: string }
  | Calls
  | Events;

export interface Fleet extends HostPort {
  keepOff(listener: HostPort): void;
  close(): Promise<void>;
}

// Sources run as .ts, the published package as .js; both find their own kind.
const WORKER = fileURLToPath(new URL(`./fleet-worker${extname(import.meta.url)}`, import.meta.url));

/**
 * MiB that old objects and the contents they hold may take before V8 looks for garbage among them. V8 would begin at a fifth of
 * that, many times a second where contents are large (measured: npm run bench -- proxy). `npm start` and the installed command
 * give a single process 96, at which a thousand slow clients stay within 512 MiB (npm run bench -- downloads).
 */
const ROOM = 256;

/**
 * Start `config.workers` processes that share the proxy port. A worker that dies is replaced: the crawlers of its
 * connections see a broken connection, every verdict they were given is in the store.
 */
export async function startFleet(core: Core): Promise<Fleet> {
  const { config, log } = core;
  const keptOff: HostPort[] = [];
  let draining = false;
  cluster.setupPrimary({ exec: WORKER, execArgv: [...process.execArgv, `--initial-old-space-size=${ROOM}`] });
  // Made before there are several who could make it.
  await authorityOf(config);
  const stopTelling = core.events.subscribe(({ kind, verdict }) => {
    if (kind === 'verdict' && verdict.action === 'pass' && verdict.findings.length === 0) return;
    for (const worker of workers()) tell(worker, { kind: 'moved', source: verdict.source });
  }, 'own');
  const hear = hearEvents(core);

  const start = async (): Promise<HostPort> => {
    const worker = cluster.fork();
    const answer = answerCalls(core, (answers) => tell(worker, answers));
    worker.on('message', (report: Report) => {
      if (report.kind === 'calls') answer(report);
      if (report.kind === 'events') hear(report);
    });
    tell(worker, { kind: 'start', config });
    for (const listener of keptOff) tell(worker, { kind: 'keep-off', listener });
    const listener = await firstReport(worker);
    worker.once('exit', (code, signal) => {
      if (draining) return;
      log.error({ code, signal }, 'a worker ended; another takes its place');
      start().catch((error: unknown) => log.error({ err: error }, 'no worker could take its place'));
    });
    return listener;
  };

  const [listener, ...others] = await Promise.all(Array.from({ length: config.workers }, start));
  if (listener === undefined || others.some(({ port }) => port !== listener.port))
    throw new ForetasteError('internal', 'Expected all workers to share one port but they do not.');
  core.own.push(listener);
  return {
    ...listener,
    keepOff: (other) => {
      keptOff.push(other);
      for (const worker of workers()) tell(worker, { kind: 'keep-off', listener: other });
    },
    close: async () => {
      draining = true;
      await Promise.all(
        workers().map(async (worker) => {
          const ended = once(worker, 'exit');
          tell(worker, { kind: 'drain' });
          await ended;
        }),
      );
      stopTelling();
    },
  };
}

const workers = (): Worker[] => Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);

/** A worker that has just died hears nothing more. */
const tell = (worker: Worker, order: Order): void => {
  if (worker.isConnected()) worker.send(order, () => undefined);
};

/** Where the worker listens; throws what kept it from listening. */
async function firstReport(worker: Worker): Promise<HostPort> {
  const started = new Promise<HostPort>((resolve, reject) => {
    worker.on('message', (report: Report) => {
      if (report.kind === 'listening') resolve(report.listener);
      if (report.kind === 'failed') reject(new ForetasteError('config', report.message));
    });
    worker.once('exit', () =>
      reject(new ForetasteError('internal', 'Expected a worker to listen but it ended.')),
    );
  });
  return started;
}
