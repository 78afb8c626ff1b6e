/** Who calls, and what they may do. Without tokens everyone on this machine is an administrator, and nobody else is. */
import type { Context, MiddlewareHandler } from 'hono';
import { ForetasteError } from '../domain/error.ts';

export const ROLES = ['viewer', 'reviewer', 'admin'] as const;
/**
 * `viewer` reads, and has content judged: a crawler's token. `reviewer` also decides. `admin` also imports snapshots.
 */
export type Role = (typeof ROLES)[number];

export interface ApiToken {
  readonly name: string;
  readonly role: Role;
  readonly token: string;
}

export interface Caller {
  readonly name: string;
  readonly role: Role;
}

export type ApiEnv = { Variables: { caller: Caller } };

/** On a machine of one's own, whoever can connect is trusted. */
const LOCAL: Caller = { name: 'local', role: 'admin' };

export interface AuthOptions {
  readonly tokens: readonly ApiToken[];
  /** The listener is bound to loopback; without tokens only requests that name loopback are answered. */
  readonly loopbackOnly: boolean;
}

/** What is answered before anyone has said who they are: nothing here tells what was crawled. */
const OPEN = new Set(['/healthz', '/readyz', '/openapi.json', '/docs', '/docs.css']);

export function authenticate({ tokens, loopbackOnly }: AuthOptions): MiddlewareHandler<ApiEnv> {
  const digests = Promise.all(tokens.map(async (each) => ({ ...each, digest: await digestOf(each.token) })));
  return async (c, next) => {
    refuseCrossSite(c.req.raw);
    if (tokens.length === 0 && loopbackOnly) {
      refuseRebinding(c.req.raw);
      c.set('caller', LOCAL);
      return next();
    }
    const presented = presentedToken(c.req.header('Authorization'));
    const caller = presented === undefined ? undefined : await match(await digests, presented);
    if (caller !== undefined) c.set('caller', caller);
    else if (!OPEN.has(c.req.path))
      throw new ForetasteError('unauthorized', 'Expected Authorization: Bearer with a token of this guard.');
    return next();
  };
}

/** Refuses callers below `role`. */
export const requires =
  (role: Role): MiddlewareHandler<ApiEnv> =>
  async (c, next) => {
    const { name, role: own } = c.get('caller');
    if (ROLES.indexOf(own) < ROLES.indexOf(role))
      throw new ForetasteError('forbidden', `Expected the role ${role} but ${name} has the role ${own}.`);
    return next();
  };

/** Who sends this request, as the dashboard asks. */
export const reviewerOf = (context: Context): { name: string; decides: boolean } => {
  const { name, role } = (context as Context<ApiEnv>).get('caller');
  return { name, decides: role !== 'viewer' };
};

/** Browsers cannot send Bearer on navigation: Basic with the token as password stands for it, under any user name. */
function presentedToken(authorization: string | undefined): string | undefined {
  const [, scheme = '', value = ''] = /^(\S+)\s+(\S+)\s*$/.exec(authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  try {
    const pair = new TextDecoder().decode(Uint8Array.from(atob(value), (octet) => octet.charCodeAt(0)));
    return pair.slice(pair.indexOf(':') + 1);
  } catch {
    return undefined;
  }
}

const digestOf = async (token: string) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token)));

/** Takes as long whichever token, and however much of it, is right: digests are compared, all of them, to the end. */
async function match(
  tokens: ReadonlyArray<ApiToken & { digest: Uint8Array }>,
  presented: string,
): Promise<Caller | undefined> {
  const digest = await digestOf(presented);
  let found: Caller | undefined;
  for (const each of tokens) {
    const difference = each.digest.reduce((sum, octet, place) => sum | (octet ^ (digest[place] ?? 0)), 0);
    if (difference === 0) found = { name: each.name, role: each.role };
  }
  return found;
}

/** A page whose name was rebound to this machine still sends its own name as Host. */
function refuseRebinding(request: Request): void {
  const host = request.headers.get('Host') ?? new URL(request.url).host;
  const name = URL.parse(`http://${host}`)?.hostname ?? '';
  if (
    name !== 'localhost' &&
    !name.endsWith('.localhost') &&
    !/^127(\.\d+){3}$/.test(name) &&
    name !== '[::1]'
  )
    throw new ForetasteError(
      'forbidden',
      `Expected Host to be localhost or a loopback address but received "${host}".`,
      {
        where: 'Host',
      },
    );
}

/** Credentials and loopback travel with any page's requests, so those that change something must come from ours. */
function refuseCrossSite(request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return;
  const site = request.headers.get('Sec-Fetch-Site');
  const origin = request.headers.get('Origin');
  const own = request.headers.get('Host') ?? new URL(request.url).host;
  const foreign = site === null ? false : site !== 'same-origin' && site !== 'none';
  if (foreign || (origin !== null && URL.parse(origin)?.host !== own))
    throw new ForetasteError(
      'forbidden',
      'Expected the request to come from this origin but it comes from another site.',
    );
}
