/** The Workers composition: the same API and dashboard at the edge, over D1 and R2. */
import { ulid } from 'ulid';
import { createApp } from './api/app.ts';
import { type ApiToken, ROLES, reviewerOf } from './api/auth.ts';
import { createEventHub } from './api/events.ts';
import { createDashboard } from './dashboard/index.ts';
import { ForetasteError } from './domain/error.ts';
import { type D1, openD1 } from './store/d1.ts';
import { openR2, type R2 } from './store/r2.ts';

/** Bindings of wrangler.toml. */
export interface Env {
  readonly DB: D1;
  /** Evidence bodies; without it their download is answered 501. */
  readonly BODIES?: R2;
  /** A secret: JSON, `[{"name":"ada","role":"reviewer","token":"..."}]`. Without it nothing is answered. */
  readonly TOKENS?: string;
  readonly VERSION?: string;
}

type App = ReturnType<typeof createApp>;

/** One app for each set of bindings: an isolate keeps its own for as long as it lives. */
const apps = new WeakMap<Env, Promise<App>>();

export default {
  fetch: async (request: Request, env: Env): Promise<Response> => {
    const app = apps.get(env) ?? openApp(env);
    apps.set(env, app);
    return (await app).fetch(request);
  },
};

async function openApp(env: Env): Promise<App> {
  const store = await openD1(env.DB, { clock: Date.now });
  const bodies = env.BODIES === undefined ? EMPTY : openR2(env.BODIES);
  return createApp({
    verdicts: store.verdicts,
    sources: store.sources,
    bodies,
    clock: Date.now,
    newId: ulid,
    ready: async () => {
      const ok = await store.healthy();
      return { ready: ok, checks: { store: { ok, detail: store.engine } } };
    },
    version: env.VERSION ?? 'unknown',
    events: createEventHub(),
    tokens: readTokens(env.TOKENS),
    loopbackOnly: false,
    blockStatus: 410,
    bodyLimit: 0,
    report: (error) => console.error(error),
    dashboard: createDashboard({
      verdicts: store.verdicts,
      sources: store.sources,
      bodies,
      clock: Date.now,
      reviewer: reviewerOf,
    }),
  });
}

/** Without a bucket no body is kept here. */
const EMPTY = { put: async () => {}, get: async () => undefined };

/** Throws ForetasteError `config`, so that a mistake in the secret never opens the API. */
function readTokens(secret: string | undefined): ApiToken[] {
  if (secret === undefined) return [];
  const tokens: unknown = JSON.parse(secret);
  if (Array.isArray(tokens) && tokens.every(isToken)) return tokens;
  throw new ForetasteError('config', 'Expected TOKENS to be a list of { name, role, token }.', {
    where: 'TOKENS',
  });
}

const isToken = (value: unknown): value is ApiToken =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  'role' in value &&
  'token' in value &&
  typeof value.name === 'string' &&
  typeof value.token === 'string' &&
  value.token !== '' &&
  (ROLES as readonly unknown[]).includes(value.role);
