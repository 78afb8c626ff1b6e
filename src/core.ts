/** The guard without listeners: real stores, fetchers and decoders around the pipeline. What `check` needs, and `serve` builds on. */
import { readFileSync } from 'node:fs';
import pino, { type Logger } from 'pino';
import { ulid } from 'ulid';
import { createEventHub, type EventHub } from './api/events.ts';
import { type Config, type HostPort, perspectivesOf } from './config.ts';
import {
  ForetasteError,
  type Guard,
  identityOf,
  type Policy,
  type Ports,
  type Profile,
} from './domain/index.ts';
import { createEpochs } from './epochs.ts';
import { digestsOf } from './fetch/digest.ts';
import { createFetcher } from './fetch/fetcher.ts';
import { createGate, type Gate } from './fetch/gate.ts';
import { createNameServers } from './fetch/name-servers.ts';
import { createRdap } from './fetch/rdap.ts';
import { createGuard, type GuardSettings } from './guard.ts';
import { createMarks } from './marks.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { type DataPaths, dataPaths, RULES } from './paths.ts';
import { loadRules } from './rules/load.ts';
import type { Rules } from './rules/rules.ts';
import { auditKey, keyedSampler } from './sampler.ts';
import { createPool, type Pool } from './screen/pool.ts';
import { createArchives } from './snapshot/archive/archives.ts';
import { type OpenIndex, openIndex } from './snapshot/store.ts';
import { openBodies } from './store/bodies.ts';
import type { Store } from './store/engine.ts';
import { openPostgres } from './store/postgres.ts';
import { openSqlite } from './store/sqlite.ts';

export interface Core {
  readonly config: Config;
  readonly paths: DataPaths;
  readonly log: Logger;
  readonly rules: Rules;
  readonly policy: Policy;
  readonly store: Store;
  readonly ports: Ports;
  readonly snapshots: OpenIndex;
  readonly events: EventHub;
  readonly gate: Gate;
  readonly guard: Guard;
  readonly settings: GuardSettings;
  readonly metrics: Metrics;
  /** Threads for decoding and screening. */
  readonly pool: Pool;
  /** PEM of further roots that origins may chain to. */
  readonly upstreamCa: readonly string[];
  /** Listeners of this process, which nothing may reach through it; filled as they start. */
  readonly own: HostPort[];
  /** Throws ForetasteError `usage` where rules/profiles has none of that name. */
  profile(name: string): Profile;
  close(): Promise<void>;
}

/** Open everything that `config` names. Closed in reverse by `close`. */
export async function openCore(config: Config): Promise<Core> {
  const paths = dataPaths(config);
  const log = pino(
    { level: process.env['FORETASTE_LOG'] ?? 'info' },
    pino.destination({ dest: 2, sync: true }),
  );
  const clock = Date.now;
  const rules = loadRules(RULES);
  const policy = named(rules.policies, config.policy, 'policy');
  const perspectives = perspectivesOf(config);
  const profiles = config.profiles.map((name) => named(rules.profiles, name, 'profiles'));
  const upstreamCa = config.upstream.ca.map(readPem);
  const own: HostPort[] = [];
  const gate = createGate({ ...config.destinations, own: () => own });
  const store = await openStore(config);
  const snapshots = await openIndex(paths.snapshots, {
    also: config.snapshots.indexes,
    onProblem: (problem) => log.warn({ err: problem }, 'an index of snapshot records cannot be read'),
  });
  const pool = createPool({
    limits: config.limits,
    rules,
    processes: config.workers,
    plugins: config.screen.plugins,
    complain: (message) => log.warn(message),
  });
  const marks = createMarks({
    store: store.epochs,
    sources: store.sources,
    nameServers: createNameServers(),
    clock,
    onTurn: (host) => void epochs.registered(host).catch(() => {}),
  });
  const fetcher = createFetcher({
    gate,
    met: marks.met,
    limits: config.limits,
    spool: paths.spool,
    upstreamCa,
    clock,
  });
  const events = createEventHub();
  const metrics = createMetrics();
  const epochs = createEpochs({ store: store.epochs, rdap: createRdap({ fetcher, clock }), clock });
  const ports: Ports = {
    fetcher,
    decoder: pool.decoder,
    examiner: pool.examiner,
    snapshots,
    verdicts: store.verdicts,
    sources: store.sources,
    bodies: openBodies(paths.bodies),
    sampler: keyedSampler(auditKey(paths.auditKey)),
    epochs: { registered: epochs.registered, turned: marks.turned },
    ...archivesOf(config, fetcher, clock),
    events,
    digest: async (bytes) => digestsOf(bytes),
    clock,
    newId: ulid,
  };
  const unsubscribe = events.subscribe(({ kind, verdict }) => {
    if (kind === 'verdict') metrics.judged(verdict);
  }, 'own');
  const settings: GuardSettings = {
    mode: config.mode,
    audit: config.audit,
    identities: perspectives.flatMap((perspective) =>
      profiles.map((profile) => identityOf(profile, perspective)),
    ),
    policy,
    rules,
    screens: config.screen,
  };
  const guard = createGuard(ports, settings);
  return {
    config,
    paths,
    log,
    rules,
    policy,
    store,
    ports,
    snapshots,
    events,
    gate,
    guard,
    settings,
    metrics,
    pool,
    upstreamCa,
    own,
    profile: (name) => named(rules.profiles, name, '--as', 'usage'),
    close: async () => {
      unsubscribe();
      await marks.close();
      await epochs.close();
      await fetcher.close();
      await pool.close();
      await snapshots.close();
      await store.close();
    },
  };
}

/** Each process keeps to its share of the rate. */
const archivesOf = (
  { archives, limits, workers }: Config,
  fetcher: Ports['fetcher'],
  clock: Ports['clock'],
): Pick<Ports, 'archives'> =>
  archives.length === 0
    ? {}
    : {
        archives: createArchives(
          archives.map((archive) => ({ ...archive, rate: archive.rate / workers })),
          { fetcher, clock, inflate: limits.inflate },
        ),
      };

/** The store of a configuration alone, for commands that only read it. */
export const openStore = (config: Config): Promise<Store> =>
  config.store === 'sqlite'
    ? openSqlite(dataPaths(config).database, { clock: Date.now })
    : openPostgres(config.store, { clock: Date.now });

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ForetasteError(
      'config',
      `Expected a readable PEM file but could not read ${file} in upstream.ca.`,
      {
        where: 'upstream.ca',
        cause,
      },
    );
  }
}

function named<T extends { readonly name: string }>(
  all: readonly T[],
  name: string,
  where: string,
  code: 'config' | 'usage' = 'config',
): T {
  const found = all.find((each) => each.name === name);
  if (found !== undefined) return found;
  const known = all.map((each) => each.name).join(', ');
  throw new ForetasteError(code, `Expected one of ${known} but received ${name} in ${where}.`, { where });
}
