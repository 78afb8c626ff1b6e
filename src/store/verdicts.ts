/** Verdicts: appended and reviewed through the journal, read from the log with today's meaning. */
import type { CompiledQuery, Kysely } from 'kysely';
import { ForetasteError } from '../domain/error.ts';
import type { CaptureRecord } from '../domain/exchange.ts';
import type { VerdictStore } from '../domain/ports.ts';
import { type Clock, timestamp } from '../domain/units.ts';
import type { NewVerdict, Review, Verdict } from '../domain/verdict.ts';
import { type AppendStatements, appendStatements } from './append.ts';
import { canonicalJson } from './chain.ts';
import { countVerdict } from './counts.ts';
import { diverges, effectiveAction, isRecorded, verdictOf } from './effective.ts';
import type { Engine } from './engine.ts';
import type { Entry, Journal } from './journal.ts';
import { urlKey } from './keys.ts';
import { recordInOrder, verdictInOrder } from './order.ts';
import { exportVerdicts, listVerdicts, lookupVerdicts, reviewsOf, storedVerdicts } from './read.ts';
import { keepRecheck } from './rechecks.ts';
import type { Tables } from './schema.ts';
import { shiftCounts } from './standing.ts';

export function createVerdictStore({ db, digest }: Engine, journal: Journal, clock: Clock): VerdictStore {
  const built = appendStatements(db);
  const get = async (id: string): Promise<Verdict | undefined> => {
    const row = await storedVerdicts(db).where('v.id', '=', id).executeTakeFirst();
    return row && verdictOf(row);
  };
  return {
    get,
    append: async (verdict, captures, rechecks = []) => {
      const records = captures.length > 0 ? canonicalJson(captures.map(recordInOrder)) : undefined;
      const kept = records === undefined ? undefined : { records, digest: await digest(records) };
      const key = urlKey(verdict.url);
      const keys = { url: typeof key === 'string' ? key : await key };
      const beside = rechecks.map((recheck) => keepRecheck(db, recheck));
      const seq = await journal.append(verdictEntry(built, verdict, keys, kept, beside, clock));
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
    reviews: (id) => reviewsOf(db, 'review', id),
    export: (query) => exportVerdicts(db, query),
  };
}

const unknownVerdict = (id: string) =>
  new ForetasteError('not-found', `Expected the id of a verdict but received "${id}".`, { where: 'id' });

/** `kept`: canonical JSON of its captures, and its digest. `beside`: what else changes with it. */
function verdictEntry(
  built: AppendStatements,
  verdict: NewVerdict,
  { url }: { readonly url: string },
  kept: { readonly records: string; readonly digest: string } | undefined,
  beside: readonly CompiledQuery[],
  clock: Clock,
): Entry {
  const confirmsAt = (seq: number) => (verdict.verdict === 'poisoned' && diverges(verdict) ? seq : null);
  return {
    kind: 'verdict',
    subject: verdict.id,
    source: verdict.source,
    content: {
      verdict: canonicalJson(verdictInOrder(verdict)),
      ...(kept === undefined ? {} : { captures: `"${kept.digest}"` }),
    },
    alone: false,
    statements: (seq) => [
      built.index(indexRow(verdict, seq, url, timestamp(clock()), confirmsAt(seq))),
      ...(kept === undefined ? [] : [built.captures({ seq, records: kept.records })]),
      ...kindsOf(verdict).map((kind) => built.kind({ kind, seq })),
      ...beside,
    ],
    counts: (seq) => countVerdict(verdict, confirmsAt(seq), timestamp(clock())),
  };
}

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
  recorded: isRecorded(verdict) ? 1 : 0,
  diverges: diverges(verdict) ? 1 : 0,
  confirms,
  review: null,
});

const kindsOf = (verdict: NewVerdict) => [...new Set(verdict.findings.map(({ kind }) => kind))];

const reviewEntry = (db: Kysely<Tables>, verdict: Verdict, review: Review): Entry => ({
  kind: 'review',
  subject: verdict.id,
  source: verdict.source,
  content: { subject: canonicalJson(verdict.id), review: canonicalJson(review) },
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
