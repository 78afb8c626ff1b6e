/** The API on a real store, in memory's reach of a test. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../src/api/app.ts';
import type { ApiDeps } from '../../src/api/deps.ts';
import { createEventHub } from '../../src/api/events.ts';
import type { BodyStore } from '../../src/domain/index.ts';
import { openBodies } from '../../src/store/bodies.ts';
import type { Store } from '../../src/store/engine.ts';
import { openSqlite } from '../../src/store/sqlite.ts';

export interface Api {
  readonly store: Store;
  readonly deps: ApiDeps;
  readonly bodies: BodyStore;
  /** JSON where `json` is given, GET otherwise. Bodies of answers are read as JSON by `ask`. */
  call(path: string, init?: RequestInit & { json?: unknown }): Promise<Response>;
  ask(
    path: string,
    init?: RequestInit & { json?: unknown },
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  close(): Promise<void>;
}

export async function openApi(own: Partial<ApiDeps> = {}): Promise<Api> {
  const folder = await mkdtemp(join(tmpdir(), 'foretaste-api-'));
  const store = await openSqlite(join(folder, 'log.db'), { clock: Date.now });
  const bodies = openBodies(join(folder, 'bodies'));
  let ids = 0;
  const deps: ApiDeps = {
    verdicts: store.verdicts,
    sources: store.sources,
    bodies,
    clock: Date.now,
    newId: () => `01K${String(++ids).padStart(23, '0')}`,
    ready: async () => ({ ready: await store.healthy(), checks: { store: { ok: true, detail: 'sqlite' } } }),
    version: '0.0.0-test',
    events: createEventHub(),
    tokens: [],
    loopbackOnly: true,
    blockStatus: 410,
    bodyLimit: 1024,
    ...own,
  };
  const app = createApp(deps);
  const call: Api['call'] = async (path, { json, ...init } = {}) =>
    app.request(`http://127.0.0.1:8081${path}`, {
      ...init,
      ...(json === undefined
        ? {}
        : {
            method: 'POST',
            body: JSON.stringify(json),
            headers: { 'Content-Type': 'application/json', ...(init.headers as Record<string, string>) },
          }),
    });
  return {
    store,
    deps,
    bodies,
    call,
    ask: async (path, init) => {
      const response = await call(path, init);
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
