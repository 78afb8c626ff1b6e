/** Registration dates of domains, kept so that registries are asked seldom. */
import type { EpochStore } from '../domain/epoch.ts';
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
});
