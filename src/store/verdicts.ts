/** Verdicts: appended and reviewed through the journal, read from the log with today's meaning. */
import type { CompiledQuery, Kysely } from 'kysely';
import { ForetasteError } from '../domain/error.ts';
import type { CaptureRecord } from '../domain/exchange.ts';
import type { VerdictStore } from '../domain/ports.ts';
import type { Recheck } from '../domain/recheck.ts';
import { type Clock, timestamp } from '../domain/units.ts';
import type { NewVerdict, Review, Verdict } from '../domain/verdict.ts';
import { canonicalJson, sha256 } from './chain.ts';
import { diverges, effectiveAction, isRecorded, verdictOf } from './effective.ts';
import type { Engine } from './engine.ts';
import type { Entry, Journal } from './journal.ts';
import { urlKey } from './keys.ts';
import { exportVerdicts, listVerdicts, lookupVerdicts, storedVerdicts } from './read.ts';
import { keepRecheck } from './rechecks.ts';
import type { Tables } from './schema.ts';
import { countVerdict, shiftCounts } from './standing.ts';

export function createVerdictStore({ db }: Engine, journal: Journal, clock: Clock): VerdictStore {
  const get = async (id: string): Promise<Verdict | undefined> => {
    const row = await storedVerdicts(db).where('v.id', '=', id).executeTakeFirst();
    return row && verdictOf(row);
  };
  return {
    get,
    append: async (verdict, captures, rechecks = []) => {
      const seq = await journal.append(await verdictEntry(db, verdict, captures, rechecks, clock));
      const { rules, ...judged } = verdict;
      return { ...judged, review: null, rules, log: seq };
    },
    captures: async (id) => {
      const row = await db
        .selectFrom('verdicts as v')
        .innerJoin('captures as c', 'c.seq', 'v.seq')
        .select('c.records')
        .where('v.id', '=', id)
        .executeTakeFirst();
      return row === undefined ? [] : (JSON.parse(row.records) as CaptureRecord[]);
    },
    list: (query) => listVerdicts(db, query),
    lookup: (urls) => lookupVerdicts(db, urls),
    review: async (id, decision, note, reviewer, at) => {
      const verdict = await get(id);
      if (verdict === undefined) throw unknownVerdict(id);
      await journal.append(reviewEntry(db, verdict, { decision, note, reviewer, at }));
      return (await get(id)) ?? verdict;
    },
    reviews: async (id) => {
      const rows = await db
        .selectFrom('log')
        .select('entry')
        .where('subject', '=', id)
        .where('kind', '=', 'review')
        .orderBy('seq')
        .execute();
      return rows.map(({ entry }) => (JSON.parse(entry) as { review: Review }).review);
    },
    export: (query) => exportVerdicts(db, query),
  };
}

const unknownVerdict = (id: string) =>
  new ForetasteError('not-found', `Expected the id of a verdict but received "${id}".`, { where: 'id' });

async function verdictEntry(
  db: Kysely<Tables>,
  verdict: NewVerdict,
  captures: readonly CaptureRecord[],
  rechecks: readonly Recheck[],
  clock: Clock,
): Promise<Entry> {
  const records = canonicalJson(captures);
  const kept = captures.length > 0;
  return {
    kind: 'verdict',
    subject: verdict.id,
    content: kept ? { verdict, captures: await sha256(records) } : { verdict },
    alone: false,
    statements: async (seq) => {
      const key = await urlKey(verdict.url);
      const at = timestamp(clock());
      const confirms = verdict.verdict === 'poisoned' && diverges(verdict) ? seq : null;
      return [
        retireOlder(db, key, verdict.digest.sha256),
        db
          .insertInto('verdicts')
          .values(indexRow(verdict, seq, key, at, confirms))
          .compile(),
        ...(kept ? [db.insertInto('captures').values({ seq, records }).compile()] : []),
        ...kindsOf(verdict).map((kind) => db.insertInto('kinds').values({ kind, seq }).compile()),
        ...rechecks.map((recheck) => keepRecheck(db, recheck)),
        ...countVerdict(db, verdict, confirms, at),
      ];
    },
  };
}

/** The newest verdict of a URL and digest is the one that export shows. */
const retireOlder = (db: Kysely<Tables>, key: string, sha256: string): CompiledQuery =>
  db
    .updateTable('verdicts')
    .set({ latest: 0 })
    .where('url_key', '=', key)
    .where('sha256', '=', sha256)
    .where('latest', '=', 1)
    .compile();

const indexRow = (
  verdict: NewVerdict,
  seq: number,
  key: string,
  at: string,
  confirms: number | null,
): Tables['verdicts'] => ({
  id: verdict.id,
  seq,
  url_key: key,
  source: verdict.source,
  sha256: verdict.digest.sha256,
  verdict: verdict.verdict,
  action: verdict.action,
  decided_at: verdict.decidedAt,
  changed_at: at,
  latest: 1,
  recorded: isRecorded(verdict) ? 1 : 0,
  diverges: diverges(verdict) ? 1 : 0,
  confirms,
  review: null,
});

const kindsOf = (verdict: NewVerdict) => [...new Set(verdict.findings.map(({ kind }) => kind))];

const reviewEntry = (db: Kysely<Tables>, verdict: Verdict, review: Review): Entry => ({
  kind: 'review',
  subject: verdict.id,
  content: { subject: verdict.id, review },
  alone: true,
  statements: (seq) => applyReview(db, verdict, review, seq),
});

/** A dismissed divergence counts no more; a confirmed one counts again, and makes its source a confirmed one. */
async function applyReview(
  db: Kysely<Tables>,
  { id, source }: Verdict,
  review: Review,
  seq: number,
): Promise<CompiledQuery[]> {
  const row = await db
    .selectFrom('verdicts')
    .select(['seq', 'verdict', 'action', 'recorded', 'diverges', 'confirms', 'review'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const decided = row as Pick<Verdict, 'verdict' | 'action'>;
  const before = row.review === null ? null : (JSON.parse(row.review) as Review);
  const confirms = confirmationAfter(row, decided, review, seq);
  const counted = (standing: Review | null) =>
    row.diverges === 1 && standing?.decision !== 'dismiss' ? 1 : 0;
  // Counts speak of decisions; revocation moves with the source and is not counted.
  const unrevoked = { seq: row.seq, recorded: row.recorded, confirmed: null };
  return [
    db
      .updateTable('verdicts')
      .set({ review: JSON.stringify(review), changed_at: review.at, confirms })
      .where('id', '=', id)
      .compile(),
    ...shiftCounts(
      db,
      source,
      {
        from: effectiveAction(decided, before, unrevoked),
        to: effectiveAction(decided, review, unrevoked),
        divergences: counted(review) - counted(before),
        confirmationMoved: confirms !== row.confirms,
      },
      review.at,
    ),
  ];
}

/** Log position of what confirms this verdict's divergence after `review`. */
function confirmationAfter(
  row: { seq: number; diverges: number; confirms: number | null },
  { verdict }: Pick<Verdict, 'verdict'>,
  review: Review,
  seq: number,
): number | null {
  if (row.diverges === 0) return null;
  switch (review.decision) {
    case 'confirm':
      return verdict === 'suspect' || verdict === 'poisoned' ? seq : row.confirms;
    case 'dismiss':
      return null;
    case 'release':
      // The item may be used; that its source lied stands. A release after a dismissal brings the finding back.
      return verdict === 'poisoned' ? (row.confirms ?? row.seq) : row.confirms;
    default:
      return review.decision satisfies never;
  }
}
