/** Answers `/sources` and `/sources/{host}`. */
import type { Context } from 'hono';
import { ForetasteError } from '../domain/index.ts';
import type { DashboardDeps } from './deps.ts';
import { parseFilter, storeQuery } from './filter.ts';
import { loadHistories, MOST_SOURCES } from './load.ts';
import { matches } from './match.ts';
import { sourcePath } from './parts.ts';
import { classify } from './queue.ts';
import { reviewerOf } from './reviewer.ts';
import { sourcePage } from './source-page.ts';
import { sourcesPage } from './sources-page.ts';

const PAGE = 200;
const HISTORY = 120;

const withQuery = (path: string, query: Record<string, string | undefined>): string => {
  const set = Object.entries(query).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '');
  return `${path}?${new URLSearchParams(set).toString()}`;
};

export async function showSources(c: Context, deps: DashboardDeps): Promise<Response> {
  const order = c.req.query('order') === 'recent' ? 'recent' : 'divergence';
  const cursor = c.req.query('cursor');
  const { items, next } = await deps.sources.list({
    limit: MOST_SOURCES,
    order,
    ...(cursor === undefined ? {} : { cursor }),
  });
  const recent = await loadHistories(
    deps,
    items.map(({ host }) => host),
  );
  const more = next === undefined ? undefined : withQuery('/sources', { order, cursor: next });
  const proxyUrl = deps.proxyUrl ?? 'http://127.0.0.1:8080';
  return c.html(sourcesPage({ sources: items, recent, order, more, now: deps.clock(), proxyUrl }));
}

export async function showSource(c: Context, deps: DashboardDeps): Promise<Response> {
  const host = c.req.param('host') ?? '';
  const source = await deps.sources.get(host);
  if (source === undefined) throw new ForetasteError('not-found', `No source ${host} was seen yet.`);
  const q = c.req.query('q') ?? '';
  const cursor = c.req.query('cursor');
  const filter = parseFilter(q);
  const now = deps.clock();
  const [recent, listed, reviews] = await Promise.all([
    deps.verdicts.list({ source: host, limit: HISTORY }),
    deps.verdicts.list({
      ...storeQuery(filter, now),
      source: host,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    }),
    deps.sources.reviews(host),
  ]);
  const entries = classify(listed.items).filter((entry) => matches(filter, entry, now));
  const more =
    listed.next === undefined ? undefined : withQuery(sourcePath(host), { q, cursor: listed.next });
  return c.html(
    sourcePage({
      source,
      recent: recent.items,
      entries,
      reviews,
      decides: reviewerOf(c, deps).decides,
      filter,
      more,
      now,
    }),
  );
}
