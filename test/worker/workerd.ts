/** The Worker as wrangler bundles it, running in the real workerd, with D1 and R2 of its own. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Miniflare, type WorkerOptions } from 'miniflare';
import type { D1 } from '../../src/store/d1.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const DATE = '2026-04-01';
const BINDINGS = { d1Databases: { DB: 'foretaste' }, r2Buckets: { BODIES: 'bodies' } };

/** A second worker on the same bindings. Miniflare's own proxy to them blocks this thread at every statement. */
const DOOR: WorkerOptions = {
  name: 'door',
  modules: true,
  script: `export default { fetch: async (request, env) => {
    if (request.method === 'PUT') return Response.json(await env.BODIES.put(new URL(request.url).pathname.slice(1), await request.arrayBuffer()));
    const statements = (await request.json()).map(([sql, parameters]) => env.DB.prepare(sql).bind(...parameters));
    try { return Response.json(await env.DB.batch(statements)); }
    catch (error) { return new Response(error.message, { status: 400 }); }
  } }`,
  compatibilityDate: DATE,
  routes: ['door.example/*'],
  ...BINDINGS,
};

export interface Workerd {
  readonly db: D1;
  keepBody(sha256: string, content: string): Promise<void>;
  fetch(
    path: string,
    init?: { method?: string; headers?: Record<string, string>; body?: string },
  ): Promise<Response>;
  /** Drops every table, so that the next store begins empty. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

/** The bundle, in a folder of its own. */
async function bundle(folder: string): Promise<string> {
  await promisify(execFile)(
    process.execPath,
    [join(ROOT, 'node_modules/wrangler/bin/wrangler.js'), 'deploy', '--dry-run', '--outdir', folder],
    {
      cwd: ROOT,
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG_PATH: folder, CI: 'true' },
    },
  );
  return join(folder, 'worker.js');
}

/** D1 and R2 with the Worker before them. `tokens`: the value of the secret TOKENS; undefined leaves it unset. */
export async function startWorker(tokens?: string): Promise<Workerd> {
  const folder = await mkdtemp(join(tmpdir(), 'foretaste-worker-'));
  const worker: WorkerOptions = {
    name: 'foretaste',
    modules: true,
    modulesRoot: folder,
    scriptPath: await bundle(folder),
    compatibilityDate: DATE,
    bindings: tokens === undefined ? {} : { TOKENS: tokens },
    ...BINDINGS,
  };
  const workerd = start([worker, DOOR]);
  return {
    ...workerd,
    close: async () => {
      await workerd.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** D1 and R2 alone. */
export const startBindings = (): Workerd => start([DOOR]);

function start(workers: WorkerOptions[]): Workerd {
  const miniflare = new Miniflare({ workers });
  const fetch: Workerd['fetch'] = async (path, init) =>
    (await miniflare.dispatchFetch(`https://edge.example${path}`, init)) as unknown as Response;
  const knock = async (path: string, method: string, body: string): Promise<unknown> => {
    const answer = await miniflare.dispatchFetch(`https://door.example/${path}`, { method, body });
    if (answer.ok) return answer.json();
    throw new Error(await answer.text());
  };
  const db = throughDoor((statements) => knock('', 'POST', JSON.stringify(statements)));
  return {
    db,
    fetch,
    keepBody: async (sha256, content) => {
      await knock(sha256, 'PUT', content);
    },
    empty: async () => {
      const { results } = await db
        .prepare("select name from sqlite_master where type = 'table'")
        .bind()
        .all();
      const names = (results as Array<{ name: string }>).map(({ name }) => name);
      const ours = names.filter((name) => !/^(_cf_|sqlite_)/.test(name));
      if (ours.length > 0) await db.batch(ours.map((name) => db.prepare(`drop table "${name}"`).bind()));
    },
    close: () => miniflare.dispose(),
  };
}

type Statement = readonly [sql: string, parameters: readonly unknown[]];

/** The binding as a Worker holds it, each call sent through the door. */
function throughDoor(send: (statements: readonly Statement[]) => Promise<unknown>): D1 {
  const texts = new WeakMap<object, Statement>();
  const statement = (sql: string, parameters: readonly unknown[]): ReturnType<D1['prepare']> => {
    const own: ReturnType<D1['prepare']> = {
      bind: (...bound) => statement(sql, bound),
      all: async () => {
        const [result] = (await send([[sql, parameters]])) as Array<{ results: unknown[] }>;
        return { results: result?.results ?? [] };
      },
    };
    texts.set(own, [sql, parameters]);
    return own;
  };
  return {
    prepare: (sql) => statement(sql, []),
    batch: (statements) => send(statements.map((each) => texts.get(each) ?? ['', []])),
  };
}
