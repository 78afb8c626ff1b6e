/** Answers `/`. */
import type { Context } from 'hono';
import type { DashboardDeps } from './deps.ts';
import { parseFilter, STATES, type State } from './filter.ts';
import {
  inState,
  loadDone,
  loadHistories,
  loadPassed,
  loadQueue,
  loadSummaries,
  MOST_SOURCES,
} from './load.ts';
import { sourcesOf, tally } from './queue.ts';
import { queuePage } from './queue-page.ts';
import { reviewerOf } from './reviewer.ts';

/** Passed verdicts that one page shows: a look at what came through, not a list of everything. */
const MOST_PASSED = 200;

const tabOf = (asked: string | undefined): State => STATES.find((state) => state === asked) ?? 'to-review';

export async function showQueue(c: Context, deps: DashboardDeps): Promise<Response> {
  const tab = tabOf(c.req.query('tab'));
  const filter = parseFilter(c.req.query('q') ?? '');
  const done = c.req.query('done');
  const queue = await loadQueue(deps, filter);
  const passed = tab === 'passed' ? await loadPassed(deps, filter, MOST_PASSED) : undefined;
  const shown = inState(queue.groups, tab);
  const summaries = await loadSummaries(
    deps,
    shown.map(({ source }) => source),
  );
  // Sources, not rows, are what a page is cut by: a source is decided on as one.
  const sources = sourcesOf(shown, summaries).slice(0, MOST_SOURCES);
  const [recent, any, last] = await Promise.all([
    loadHistories(
      deps,
      sources.map(({ source }) => source),
    ),
    queue.groups.length > 0 ? true : deps.verdicts.list({ limit: 1 }).then(({ items }) => items.length > 0),
    loadDone(deps, done),
  ]);
  return c.html(
    queuePage({
      tab,
      filter,
      counts: tally(queue.groups),
      sources,
      passed: passed?.entries ?? [],
      recent,
      partial: passed?.partial ?? queue.partial,
      any,
      now: deps.clock(),
      decides: reviewerOf(c, deps).decides,
      releases: deps.releases !== undefined,
      done: last,
      proxyUrl: deps.proxyUrl ?? 'http://127.0.0.1:8080',
    }),
  );
}
