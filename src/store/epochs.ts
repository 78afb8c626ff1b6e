/** Registration dates of domains, kept so that registries are asked seldom; and marks of hosts, kept to see them replaced. */
import type { EpochStore, Mark, MarkKind } from '../domain/epoch.ts';
import type { Engine } from './engine.ts';

export const createEpochStore = ({ db, commit }: Engine): EpochStore => ({
  get: async (domain) => {
    const row = await db.selectFrom('epochs').selectAll().where('domain', '=', domain).executeTakeFirst();
    return row && { domain, registered: row.registered, until: row.ask_after };
  },
  put: async ({ domain, registered, until }) => {
    const known = { registered, ask_after: until };
    await commit([
      db
        .insertInto('epochs')
        .values({ domain, ...known })
        .onConflict((conflict) => conflict.column('domain').doUpdateSet(known))
        .compile(),
    ]);
  },
  marks: async (subject) => {
    const rows = await db.selectFrom('marks').selectAll().where('subject', '=', subject).execute();
    return rows.map(
      ({ kind, seen, turned_at: at, corroborated, checked_at: checked }): Mark => ({
        kind: kind as MarkKind,
        values: JSON.parse(seen) as string[],
        turned: at === null ? null : { at, corroborated },
        checked,
      }),
    );
  },
  putMarks: async (subject, marks) => {
    await commit(
      marks.map(({ kind, values, turned, checked }) => {
        const mark = {
          seen: JSON.stringify(values),
          turned_at: turned?.at ?? null,
          corroborated: turned?.corroborated ?? 0,
          checked_at: checked,
        };
        return db
          .insertInto('marks')
          .values({ subject, kind, ...mark })
          .onConflict((conflict) => conflict.columns(['subject', 'kind']).doUpdateSet(mark))
          .compile();
      }),
    );
  },
});
