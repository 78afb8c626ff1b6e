/** The store on Cloudflare D1: the same tables at the edge. */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Clock } from '../domain/units.ts';
import { sha256 } from './chain.ts';
import type { Store } from './engine.ts';
import { migrate, type Tables } from './schema.ts';
import { createStore } from './store.ts';

/** The part of a D1 binding that is used. */
export interface D1 {
  prepare(sql: string): D1Statement;
  batch(statements: D1Statement[]): Promise<unknown>;
}
interface D1Statement {
  bind(...parameters: unknown[]): D1Statement;
  all(): Promise<{ results: unknown[] }>;
}

/** Brings the schema of `database` up to date. `clock` dates what changes in the store, for `export --since`. */
export async function openD1(database: D1, options: { clock: Clock }): Promise<Store> {
  const db = new Kysely<Tables>({ dialect: dialectOf(database) });
  await migrate(db, 'integer');
  return createStore(
    {
      name: 'd1',
      db,
      digest: sha256,
      // A batch is one transaction.
      commit: async (statements) => {
        if (statements.length === 0) return;
        await database.batch(
          statements.map(({ sql, parameters }) => database.prepare(sql).bind(...parameters)),
        );
      },
      close: () => db.destroy(),
    },
    options.clock,
  );
}

const dialectOf = (database: D1): Dialect => ({
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => new D1Driver(database),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
});

/** Single statements only: D1 has no transaction that spans round trips, and the store uses none. */
class D1Driver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(database: D1) {
    this.#connection = {
      executeQuery: async <R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> => {
        const { results } = await database
          .prepare(sql)
          .bind(...parameters)
          .all();
        return { rows: results as R[] };
      },
      // biome-ignore lint/correctness/useYield: D1 gives whole answers.
      streamQuery: async function* () {
        throw new Error('Expected a whole answer to be asked for: D1 does not stream.');
      },
    };
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }
  async beginTransaction(): Promise<void> {
    throw new Error('Expected Engine.commit to be used: D1 has no interactive transactions.');
  }
  commitTransaction = this.beginTransaction;
  rollbackTransaction = this.beginTransaction;
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}
