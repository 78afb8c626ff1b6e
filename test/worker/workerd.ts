/** The Worker as wrangler bundles it, running in the real workerd, with D1 and R2 of its own. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Miniflare } from 'miniflare';
import type { D1 } from '../../src/store/d1.ts';
import type { R2 } from '../../src/store/r2.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export interface Workerd {
  readonly db: D1;
  readonly bodies: R2;
  fetch(
    path: string,
    init?: { method?: string; headers?: Record<string, string>; body?: string },
  ): Promise<Response>;
  /** Drops every table, so that the next store begins empty. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

/** `tokens`: the value of the secret TOKENS; undefined leaves it unset. */
export async function startWorkerd(tokens?: string): Promise<Workerd> {
  const folder = await mkdtemp(join(tmpdir(), 'foretaste-worker-'));
  await promisify(execFile)(
    process.execPath,
    [join(ROOT, 'node_modules/wrangler/bin/wrangler.js'), 'deploy', '--dry-run', '--outdir', folder],
    {
      cwd: ROOT,
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG_PATH: folder, CI: 'true' },
    },
  );
  const miniflare = new Miniflare({
    modules: true,
    modulesRoot: folder,
    scriptPath: join(folder, 'worker.js'),
    compatibilityDate: '2026-04-01',
    d1Databases: ['DB'],
    r2Buckets: ['BODIES'],
    bindings: tokens === undefined ? {} : { TOKENS: tokens },
  });
  const db = (await miniflare.getD1Database('DB')) as unknown as D1;
  return {
    db,
    bodies: (await miniflare.getR2Bucket('BODIES')) as unknown as R2,
    fetch: async (path, init) =>
      (await miniflare.dispatchFetch(`https://edge.example${path}`, init)) as unknown as Response,
    empty: async () => {
      const { results } = await db
        .prepare("select name from sqlite_master where type = 'table'")
        .bind()
        .all();
      const names = (results as Array<{ name: string }>).map(({ name }) => name);
      for (const name of names.filter((each) => !/^(_cf_|sqlite_)/.test(each)))
        await db.prepare(`drop table "${name}"`).bind().all();
    },
    close: async () => {
      await miniflare.dispose();
      await rm(folder, { recursive: true });
    },
  };
}
