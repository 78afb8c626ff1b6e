/** Answers `/verdicts/{id}`, its unified diff and its pictures. */
import type { Context } from 'hono';
import { ForetasteError, type Verdict } from '../domain/index.ts';
import { TABS } from './channels.ts';
import { chooseReference, panelOf } from './compare-panel.ts';
import type { DashboardDeps } from './deps.ts';
import { evidenceOf } from './evidence.ts';
import { parseFilter, STATES } from './filter.ts';
import { inState, loadDone, loadGroup, loadQueue, loadSummaries } from './load.ts';
import { verdictPath } from './parts.ts';
import { sourcesOf } from './queue.ts';
import { reviewerOf } from './reviewer.ts';
import { unifiedDiff } from './unified.ts';
import { verdictPage } from './verdict-page.ts';

async function wanted(c: Context, deps: DashboardDeps): Promise<Verdict> {
  const id = c.req.param('id') ?? '';
  const verdict = await deps.verdicts.get(id);
  if (verdict === undefined) throw new ForetasteError('not-found', `No verdict ${id} is held.`);
  return verdict;
}

/** First verdicts of the groups of a tab, in the order in which its page lists them. */
export async function queueOrder(deps: DashboardDeps, from: string, q: string): Promise<string[]> {
  const state = STATES.find((name) => name === from) ?? 'to-review';
  const queue = await loadQueue(deps, parseFilter(q));
  const shown = inState(queue.groups, state);
  const summaries = await loadSummaries(
    deps,
    shown.map(({ source }) => source),
  );
  return sourcesOf(shown, summaries).flatMap(({ groups }) =>
    groups.map(({ entries: [first] }) => first.verdict.id),
  );
}

export async function showVerdict(c: Context, deps: DashboardDeps): Promise<Response> {
  const verdict = await wanted(c, deps);
  const from = STATES.find((state) => state === c.req.query('from')) ?? 'to-review';
  const q = c.req.query('q') ?? '';
  const tab = TABS.find((name) => name === c.req.query('tab'));
  const against = c.req.query('against');
  const done = c.req.query('done');
  const [evidence, group, reviews, order, last] = await Promise.all([
    evidenceOf(verdict, deps),
    loadGroup(deps, verdict),
    deps.verdicts.reviews(verdict.id),
    queueOrder(deps, from, q),
    loadDone(deps, done),
  ]);
  const members = new Set(group.entries.map((entry) => entry.verdict.id));
  const at = order.findIndex((id) => members.has(id));
  const stepTo = (id: string | undefined): string | undefined =>
    id === undefined ? undefined : `${verdictPath(id)}?${query({ from, q })}`;
  return c.html(
    verdictPage({
      verdict,
      evidence,
      group,
      reviews,
      from,
      q,
      panel: panelOf(evidence, { tab, against }),
      place: at === -1 ? undefined : { at: at + 1, of: order.length },
      previous: stepTo(at > 0 ? order[at - 1] : undefined),
      next: stepTo(order[at + 1]),
      done: last,
      previews: deps.preview !== undefined,
      decides: reviewerOf(c, deps).decides,
      now: deps.clock(),
      link: (name, value) => `${verdictPath(verdict.id)}?${query({ from, q, tab, against, [name]: value })}`,
    }),
  );
}

/** Parameters that say something; defaults stay out of addresses that people share. */
function query(values: Record<string, string | undefined>): string {
  const set = Object.entries(values).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && entry[1] !== '' && entry[1] !== 'to-review',
  );
  return new URLSearchParams(set).toString();
}

export async function showDiff(c: Context, deps: DashboardDeps): Promise<Response> {
  const verdict = await wanted(c, deps);
  const evidence = await evidenceOf(verdict, deps);
  const diff = unifiedDiff(verdict, evidence, chooseReference(evidence, c.req.query('against')));
  return c.body(diff, 200, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Disposition': `attachment; filename="${verdict.id.replace(/[^\w-]/g, '')}.diff"`,
    'Content-Security-Policy': "default-src 'none'; sandbox",
  });
}

async function heatOf(verdict: Verdict, sha256: string, { verdicts, heatmap }: DashboardDeps) {
  const record = (await verdicts.captures(verdict.id)).find((capture) => capture.sha256 === sha256);
  return record && heatmap?.(record);
}

export async function showPicture(c: Context, deps: DashboardDeps): Promise<Response> {
  const verdict = await wanted(c, deps);
  const file = c.req.param('file') ?? '';
  const sha256 = file.replace(/(\.heat)?\.png$/, '');
  // Only what belongs to this verdict, so that the address cannot be used to ask which other bodies are held.
  const owns = verdict.digest.sha256 === sha256 || verdict.views.some((view) => view.sha256 === sha256);
  const heat = file.endsWith('.heat.png');
  const png = owns ? await (heat ? heatOf(verdict, sha256, deps) : deps.preview?.(sha256)) : undefined;
  if (png === undefined) throw new ForetasteError('not-found', 'No re-encoded picture is held.');
  return c.body(png, 200, {
    'Content-Type': 'image/png',
    'Content-Security-Policy': "default-src 'none'; sandbox",
  });
}
