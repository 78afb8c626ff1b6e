/** Rechecks that wait: kept with their verdict, taken one at a time when they are due. */
import type { CompiledQuery, Kysely } from 'kysely';
import type { AskedBefore, Recheck, RecheckStore } from '../domain/recheck.ts';
import type { Engine } from './engine.ts';
import type { Tables } from './schema.ts';

/** The statement that keeps `recheck`, for the transaction of its verdict. */
export const keepRecheck = (db: Kysely<Tables>, { asked, ...recheck }: Recheck): CompiledQuery =>
  db
    .insertInto('rechecks')
    .values({ ...recheck, asked: JSON.stringify(asked) })
    .compile();

export function createRecheckStore({ db, commit }: Engine): RecheckStore {
  const take: RecheckStore['take'] = async (now, until) => {
    const row = await db
      .selectFrom('rechecks')
      .selectAll()
      .where('due', '<=', now)
      .orderBy('due')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const { verdict, step, due } = row;
    const taken = await db
      .updateTable('rechecks')
      .set({ due: until })
      .where('verdict', '=', verdict)
      .where('step', '=', step)
      .where('due', '=', due)
      .returning('verdict')
      .execute();
    // Somebody else was faster: the next one.
    if (taken.length === 0) return take(now, until);
    return { verdict, step, due, asked: JSON.parse(row.asked) as AskedBefore };
  };
  return {
    take,
    done: ({ verdict, step }) =>
      commit([db.deleteFrom('rechecks').where('verdict', '=', verdict).where('step', '=', step).compile()]),
    drop: (before) => commit([db.deleteFrom('rechecks').where('due', '<', before).compile()]),
  };
}
