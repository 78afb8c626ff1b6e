/** Takes decisions from the pages: one verdict, its group, or a selection after a preview. */
import type { Context } from 'hono';
import {
  DECISIONS,
  type Decision,
  ForetasteError,
  type Timestamp,
  timestamp,
  type Verdict,
} from '../domain/index.ts';
import type { DashboardDeps } from './deps.ts';
import { loadGroup, loadTogether } from './load.ts';
import { queuePath, sourcePath, verdictPath } from './parts.ts';
import { planPage } from './plan-page.ts';
import { reverseOf } from './queue.ts';
import { reviewerOf } from './reviewer.ts';
import { queueOrder } from './show-verdict.ts';

/** Most rows that one form may name; the groups behind them may hold more verdicts. */
const MOST_ROWS = 500;

/** Room for a paragraph. */
const noteOf = (text: string): string => text.trim().slice(0, 2000);

interface Order {
  readonly decision: Decision;
  readonly ids: readonly string[];
  readonly group: boolean;
  readonly sure: boolean;
  readonly note: string;
  readonly from: string;
  readonly q: string;
}

/** The text of a form's fields; empty where one is absent. */
async function formOf(
  c: Context,
): Promise<{ text: (name: string) => string; all: (name: string) => string[] }> {
  const form = await c.req.formData();
  const all = (name: string): string[] => form.getAll(name).filter((value) => typeof value === 'string');
  return { all, text: (name) => all(name)[0] ?? '' };
}

function decisionOf(given: string): Decision {
  const decision = DECISIONS.find((name) => name === given);
  if (decision === undefined) {
    throw new ForetasteError(
      'bad-request',
      `Expected a decision, ${DECISIONS.join(', ')}, but received "${given}".`,
    );
  }
  return decision;
}

async function orderOf(c: Context): Promise<Order> {
  const { text, all } = await formOf(c);
  const ids = [...new Set(all('id'))].filter((id) => id !== '');
  if (ids.length === 0)
    throw new ForetasteError(
      'bad-request',
      'Expected at least one verdict to decide on but none was selected.',
    );
  if (ids.length > MOST_ROWS)
    throw new ForetasteError(
      'bad-request',
      `Expected at most ${MOST_ROWS} rows at once but received ${ids.length}.`,
    );
  return {
    decision: decisionOf(text('decision')),
    ids,
    group: text('group') === 'yes',
    sure: text('sure') === 'yes',
    note: noteOf(text('note')),
    from: text('from'),
    q: text('q'),
  };
}

async function verdictsOf(order: Order, deps: DashboardDeps): Promise<Verdict[]> {
  const chosen = new Map<string, Verdict>();
  for (const id of order.ids) {
    const verdict = await deps.verdicts.get(id);
    if (verdict === undefined) throw new ForetasteError('not-found', `No verdict ${id} is held.`);
    chosen.set(id, verdict);
    if (!order.group) continue;
    const group = await loadGroup(deps, verdict);
    for (const entry of group.entries) chosen.set(entry.verdict.id, entry.verdict);
  }
  return [...chosen.values()];
}

function mayDecide(c: Context, deps: DashboardDeps): string {
  const { name, decides } = reviewerOf(c, deps);
  if (!decides) throw new ForetasteError('forbidden', 'Expected the role reviewer or admin for a decision.');
  return name;
}

async function append(
  deps: DashboardDeps,
  id: string,
  decision: Decision,
  note: string,
  by: { readonly reviewer: string; readonly at: Timestamp },
): Promise<void> {
  const verdict = await deps.verdicts.review(id, decision, note, by.reviewer, by.at);
  deps.events?.review(verdict);
}

/** Where to go after a decision: the next row of the queue, as it stood before, or the queue itself. */
async function nextStop(order: Order, deps: DashboardDeps): Promise<(done: string) => string> {
  const rows = await queueOrder(deps, order.from, order.q);
  const at = rows.findIndex((id) => order.ids.includes(id));
  const next = order.ids.length === 1 && at !== -1 ? rows[at + 1] : undefined;
  return (done) => {
    const target = next === undefined ? queuePath(order.from || 'to-review', order.q) : verdictPath(next);
    const query = new URLSearchParams({ done });
    if (next !== undefined && order.from !== '' && order.from !== 'to-review') query.set('from', order.from);
    if (next !== undefined && order.q !== '') query.set('q', order.q);
    return `${target}${target.includes('?') ? '&' : '?'}${query.toString()}`;
  };
}

/** `POST /decide`. Without `sure=yes` it only says what would be appended. */
export async function decide(c: Context, deps: DashboardDeps): Promise<Response> {
  const reviewer = mayDecide(c, deps);
  const order = await orderOf(c);
  if (!order.sure) {
    // A row of the queue stands for its whole group.
    const verdicts = await verdictsOf({ ...order, group: true }, deps);
    return c.html(planPage({ ...order, verdicts }));
  }
  const verdicts = await verdictsOf(order, deps);
  const stop = await nextStop(order, deps);
  const by = { reviewer, at: timestamp(deps.clock()) };
  for (const { id } of verdicts) await append(deps, id, order.decision, order.note, by);
  return c.redirect(stop(order.ids[0] ?? ''), 303);
}

/** `POST /verdicts/{id}/undo`: appends the reverse of the newest decision, to all that were decided with it. */
export async function undo(c: Context, deps: DashboardDeps): Promise<Response> {
  const reviewer = mayDecide(c, deps);
  const id = c.req.param('id') ?? '';
  const verdict = await deps.verdicts.get(id);
  const together = verdict === undefined ? [] : await loadTogether(deps, verdict);
  if (together.length === 0) {
    throw new ForetasteError('not-found', `Expected a decision about ${id} to take back but found none.`);
  }
  const by = { reviewer, at: timestamp(deps.clock()) };
  for (const { id: one } of together) {
    const reverse = reverseOf(await deps.verdicts.reviews(one));
    if (reverse !== undefined) await append(deps, one, reverse, 'taken back', by);
  }
  return c.redirect(verdictPath(id), 303);
}

/** `POST /sources/{host}/decide`: about the source as a whole. */
export async function decideSource(c: Context, deps: DashboardDeps): Promise<Response> {
  const reviewer = mayDecide(c, deps);
  const host = c.req.param('host') ?? '';
  const { text } = await formOf(c);
  const decision = decisionOf(text('decision'));
  await deps.sources.review(host, decision, noteOf(text('note')), reviewer, timestamp(deps.clock()));
  return c.redirect(sourcePath(host), 303);
}
