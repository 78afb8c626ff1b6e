/** The store on PostgreSQL or what speaks its protocol: many guards, one log. */
import { hash } from 'node:crypto';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool, types } from 'pg';
import { ForetasteError } from '../domain/error.ts';
import type { Clock } from '../domain/units.ts';
import type { Store } from './engine.ts';
import { migrate, type Tables } from './schema.ts';
import { createStore } from './store.ts';

/** Connections of one guard: reads beside the one writer. PostgreSQL's own default allows 100 in all. */
const CONNECTIONS = 8;

/**
 * Opens `url` and brings its schema up to date. Throws ForetasteError `store` where that cannot be done.
 * `clock` dates what changes in the store, for `export --since`.
 */
export async function openPostgres(url: string, options: { clock: Clock }): Promise<Store> {
  const pool = new Pool({ connectionString: url, max: CONNECTIONS, types: { getTypeParser: parserOf } });
  // A connection that dies while idle is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => {});
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(db, 'bigint');
  } catch (cause) {
    await db.destroy();
    throw new ForetasteError(
      'store',
      `Expected a PostgreSQL database that can be opened at ${hostOf(url)}.`,
      { cause },
    );
  }
  return createStore(
    {
      name: 'postgres',
      db,
      digest: (text) => hash('sha256', text),
      commit: (statements) =>
        db.transaction().execute(async (transaction) => {
          for (const statement of statements) await transaction.executeQuery(statement);
        }),
      close: () => db.destroy(),
    },
    options.clock,
  );
}

/** Counts and positions are 64-bit integers; they stay far below 2^53, where JavaScript's numbers are exact. */
const parserOf: typeof types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === types.builtins.INT8 || oid === types.builtins.NUMERIC
    ? Number
    : types.getTypeParser(oid, format as 'text');

/** Without user and password, which have no place in a message. */
const hostOf = (url: string): string => URL.parse(url)?.host ?? 'a URL that cannot be read';
