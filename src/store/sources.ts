/** Sources: their standing, their aggregates by page, what was learnt of their noise, and decisions about one as a whole. */
import { type Selectable, sql } from 'kysely';
import { ForetasteError } from '../domain/error.ts';
import { type NoiseBand, type SourceSummary, type Standing, unknownStanding } from '../domain/source.ts';
import type { Review } from '../domain/verdict.ts';
import { builtOnce } from './built.ts';
import { canonicalJson } from './chain.ts';
import type { Engine, ReviewedSourceStore } from './engine.ts';
import type { Journal } from './journal.ts';
import { readCursor, registrableDomain, writeCursor } from './keys.ts';
import { reviewsOf } from './read.ts';
import type { Recall } from './recall.ts';
import type { SourceTable } from './schema.ts';
import { clearSource, confirmSource } from './standing.ts';

export type SourceRow = Selectable<SourceTable>;

/** Under which the rows of a host and of its registrable domain are recalled. */
export const keysOf = (host: string): [own: string, whole: string] => [
  `host ${host}`,
  `domain ${registrableDomain(host)}`,
];

/** Standing and noise are asked for every exchange, so they are recalled for a moment. */
export function createSourceStore(
  { db, commit }: Engine,
  journal: Journal,
  { rows, bands }: { rows: Recall<SourceRow | undefined>; bands: Recall<NoiseBand | undefined> },
): ReviewedSourceStore {
  const sourceRow = builtOnce((at: Pick<SourceTable, 'scope' | 'name'>) =>
    db.selectFrom('sources').selectAll().where('scope', '=', at.scope).where('name', '=', at.name).compile(),
  );
  const readSource = async (scope: SourceTable['scope'], name: string): Promise<SourceRow | undefined> =>
    (await db.executeQuery<SourceRow>(sourceRow({ scope, name }))).rows[0];
  return {
    standing: async (host) => {
      const domain = registrableDomain(host);
      const [ownKey, wholeKey] = keysOf(host);
      const [own, whole] = await Promise.all([
        rows.of(ownKey, () => readSource('host', host)),
        rows.of(wholeKey, () => readSource('domain', domain)),
      ]);
      const standing = own === undefined ? unknownStanding(host, domain) : standingOf(own);
      // A wildcard name server has as many hosts as it likes: one that lied raises the audit of all its siblings.
      return { ...standing, confirmed: standing.confirmed || (whole?.confirmed ?? null) !== null };
    },
    get: async (host) => {
      const row = (await readSource('host', host)) ?? (await readSource('domain', host));
      return row && summaryOf(row);
    },
    list: async ({ cursor, limit, order }) => {
      const column = order === 'divergence' ? 'rate_ppm' : 'last_seen';
      let rows = db
        .selectFrom('sources')
        .selectAll()
        .where('scope', '=', 'host')
        .orderBy(column, 'desc')
        .orderBy('name', 'desc');
      if (cursor !== undefined) {
        const [value, name] =
          order === 'divergence'
            ? readCursor(cursor, ['number', 'string'])
            : readCursor(cursor, ['string', 'string']);
        rows = rows.where(sql<boolean>`(${sql.ref(column)}, name) < (${value}, ${name})`);
      }
      const found = await rows.limit(limit + 1).execute();
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const next = found.length > limit && last ? writeCursor([last[column], last.name]) : undefined;
      return { items: items.map(summaryOf), ...(next === undefined ? {} : { next }) };
    },
    noise: (source, template) =>
      bands.of(`${source} ${template}`, async () => {
        const row = await db
          .selectFrom('noise')
          .selectAll()
          .where('source', '=', source)
          .where('template', '=', template)
          .executeTakeFirst();
        return row && { ...row, volatile: JSON.parse(row.volatile) as string[] };
      }),
    learn: async ({ source, template, volatile, pages }) => {
      const learnt = { volatile: JSON.stringify(volatile), pages };
      const statement = db
        .insertInto('noise')
        .values({ source, template, ...learnt })
        .onConflict((conflict) => conflict.columns(['source', 'template']).doUpdateSet(learnt))
        .compile();
      await commit([statement]);
      bands.forget(`${source} ${template}`);
    },
    review: async (host, decision, note, reviewer, at) => {
      if ((await readSource('host', host)) === undefined)
        throw new ForetasteError('not-found', `Expected a host with verdicts but received "${host}".`, {
          where: 'host',
        });
      const review: Review = { decision, note, reviewer, at };
      await journal.append({
        kind: 'source-review',
        subject: host,
        source: host,
        content: { subject: canonicalJson(host), review: canonicalJson(review) },
        alone: true,
        statements: async (seq) =>
          decision === 'confirm' ? confirmSource(db, host, seq, at) : clearSource(db, host, at),
      });
    },
    reviews: (host) => reviewsOf(db, 'source-review', host),
  };
}

const standingOf = (row: SourceRow): Standing => ({
  host: row.name,
  registrableDomain: row.domain,
  exchanges: row.exchanges,
  corroborated: row.corroborated,
  divergences: row.divergences,
  confirmed: row.confirmed !== null,
});

const summaryOf = (row: SourceRow): SourceSummary => ({
  ...standingOf(row),
  divergenceRate: row.exchanges === 0 ? 0 : row.divergences / row.exchanges,
  verdicts: {
    clean: row.clean,
    unverified: row.unverified,
    suspect: row.suspect,
    poisoned: row.poisoned,
  },
  actions: { pass: row.pass, quarantine: row.quarantine, block: row.block },
  firstSeen: row.first_seen,
  lastSeen: row.last_seen,
});
