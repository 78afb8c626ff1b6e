/** Reading verdicts: pages newest first, the newest for each URL, the walk of export, and what people decided. */
import { type Kysely, sql } from 'kysely';
import { FINDING_KINDS, type FindingKind } from '../domain/finding.ts';
import type { Page, VerdictQuery } from '../domain/ports.ts';
import type { Timestamp } from '../domain/units.ts';
import type { Review, Verdict, VerdictName } from '../domain/verdict.ts';
import { verdictOf } from './effective.ts';
import { readCursor, urlKey, writeCursor } from './keys.ts';
import type { Tables } from './schema.ts';

/** D1 takes 100 parameters a statement; one size for all engines keeps one path. */
const LARGEST_LIST = 90;
/** Rows an export reads at a time. */
const EXPORT_STEP = 500;

/** Index row, log line and source of a verdict, as `verdictOf` reads them. */
export const storedVerdicts = (db: Kysely<Tables>) =>
  db
    .selectFrom('verdicts as v')
    .innerJoin('log as l', 'l.seq', 'v.seq')
    .leftJoin('sources as s', (join) => join.onRef('s.name', '=', 'v.source').on('s.scope', '=', 'host'))
    .select(['v.seq', 'l.entry', 'v.review', 'v.recorded', 's.confirmed']);

export async function listVerdicts(db: Kysely<Tables>, query: VerdictQuery): Promise<Page<Verdict>> {
  let rows = storedVerdicts(db).orderBy('v.seq', 'desc');
  if (query.url !== undefined) rows = rows.where('v.url_key', '=', await urlKey(query.url));
  if (query.source !== undefined) rows = rows.where('v.source', '=', query.source);
  if (query.verdict !== undefined) {
    rows = rows.where('v.verdict', 'in', [...query.verdict]);
    // Says to the planner that the index of grave ones has all of them.
    if (query.verdict.every(isGrave)) rows = rows.where(sql<boolean>`v.verdict in ('suspect', 'poisoned')`);
  }
  if (query.since !== undefined) rows = rows.where('v.decided_at', '>=', query.since);
  if (query.kind !== undefined) {
    const kinds = kindsMatching(query.kind);
    if (kinds.length === 0) return { items: [] };
    rows = rows.where('v.seq', 'in', (eb) =>
      eb.selectFrom('kinds').select('kinds.seq').where('kinds.kind', 'in', kinds),
    );
  }
  if (query.cursor !== undefined) {
    const [before] = readCursor(query.cursor, ['number']);
    rows = rows.where('v.seq', '<', before);
  }
  const found = await rows.limit(query.limit + 1).execute();
  const items = found.slice(0, query.limit).map(verdictOf);
  const last = items.at(-1);
  return found.length > query.limit && last ? { items, next: writeCursor([last.log]) } : { items };
}

const isGrave = (verdict: VerdictName): boolean => verdict === 'suspect' || verdict === 'poisoned';

/** A kind by its name, or all of a family by `split-view.*`. */
const kindsMatching = (pattern: string): FindingKind[] =>
  FINDING_KINDS.filter(
    (kind) => kind === pattern || (pattern.endsWith('.*') && kind.startsWith(pattern.slice(0, -1))),
  );

export async function lookupVerdicts(
  db: Kysely<Tables>,
  urls: readonly string[],
): Promise<Array<Verdict | undefined>> {
  const keys = await Promise.all(urls.map(urlKey));
  const newest = new Map<string, Verdict>();
  const asked = [...new Set(keys)];
  for (let from = 0; from < asked.length; from += LARGEST_LIST) {
    const rows = await storedVerdicts(db)
      .select('v.url_key')
      .where('v.seq', 'in', (eb) =>
        eb
          .selectFrom('verdicts as n')
          .select(sql<number>`max(n.seq)`.as('newest'))
          .where('n.url_key', 'in', asked.slice(from, from + LARGEST_LIST))
          .groupBy('n.url_key'),
      )
      .execute();
    for (const row of rows) newest.set(row.url_key, verdictOf(row));
  }
  return keys.map((key) => newest.get(key));
}

/**
 * One row per URL and digest, the newest, in log order. `since` asks for what came to mean something else since then:
 * decided, reviewed, or revoked with its source; so a consumer that asks from its last time on learns of revocations.
 */
export async function* exportVerdicts(
  db: Kysely<Tables>,
  { since, verdict }: { since?: Timestamp; verdict?: readonly VerdictName[] },
): AsyncIterable<Verdict> {
  for (let after = 0; ; ) {
    let rows = storedVerdicts(db)
      .where('v.seq', '>', after)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('verdicts as n')
              .select('n.seq')
              .whereRef('n.url_key', '=', 'v.url_key')
              .whereRef('n.sha256', '=', 'v.sha256')
              .whereRef('n.seq', '>', 'v.seq'),
          ),
        ),
      )
      .orderBy('v.seq');
    if (verdict !== undefined) rows = rows.where('v.verdict', 'in', [...verdict]);
    if (since !== undefined)
      rows = rows.where((eb) =>
        eb.or([
          eb('v.changed_at', '>=', since),
          eb.and([eb('s.revised_at', '>=', since), eb('v.action', '=', 'pass')]),
        ]),
      );
    const found = await rows.limit(EXPORT_STEP).execute();
    yield* found.map(verdictOf);
    const last = found.at(-1);
    if (last === undefined || found.length < EXPORT_STEP) return;
    after = last.seq;
  }
}

/** Decisions about a verdict, or about a source as a whole, oldest first. */
export async function reviewsOf(
  db: Kysely<Tables>,
  kind: 'review' | 'source-review',
  subject: string,
): Promise<Review[]> {
  const rows = await db
    .selectFrom('log')
    .select('entry')
    .where('subject', '=', subject)
    .where('kind', '=', kind)
    // Says to the planner that the index of reviews has all of them.
    .where('kind', '<>', sql.lit('verdict'))
    .orderBy('seq')
    .execute();
  return rows.map(({ entry }) => (JSON.parse(entry) as { review: Review }).review);
}
