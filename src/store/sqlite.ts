/** The store on node:sqlite, the default: one file in WAL mode, which several processes may share. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import { ForetasteError } from '../domain/error.ts';
import type { Clock } from '../domain/units.ts';
import type { Store } from './engine.ts';
import { migrate, type Tables } from './schema.ts';
import { createStore } from './store.ts';

/** How long a commit of another process is waited for: far beyond any batch, below what a client waits. */
const BUSY_MS = 5_000;

type Parameters = SQLInputValue[];

/**
 * Opens or creates `file`. Throws ForetasteError `store` where it cannot be opened.
 * `clock` dates what changes in the store, for `export --since`.
 */
export async function openSqlite(file: string, options: { clock: Clock }): Promise<Store> {
  const database = openDatabase(file);
  const prepare = preparedOnce(database);
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({
      database: { prepare: (sql) => statementOf(prepare(sql)), close: () => database.close() },
    }),
  });
  await migrate(db, 'integer');
  return createStore(
    {
      name: 'sqlite',
      db,
      commit: async (statements) => {
        // Synchronous from begin to commit: nothing else on this connection can come in between.
        database.exec('begin immediate');
        try {
          for (const { sql, parameters } of statements) prepare(sql).run(...(parameters as Parameters));
          database.exec('commit');
        } catch (error) {
          if (database.isTransaction) database.exec('rollback');
          throw error;
        }
      },
      close: () => db.destroy(),
    },
    options.clock,
  );
}

function openDatabase(file: string): DatabaseSync {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const database = new DatabaseSync(file, { timeout: BUSY_MS });
    database.exec('pragma journal_mode = wal');
    // FULL syncs the log at every commit: a verdict that a client has seen also survives the death of the machine.
    database.exec('pragma synchronous = full');
    return database;
  } catch (cause) {
    throw new ForetasteError('store', `Expected an SQLite database that can be opened in ${file}.`, {
      cause,
      where: file,
    });
  }
}

/** Statements are few and used all the time: each is compiled once. */
function preparedOnce(database: DatabaseSync): (sql: string) => StatementSync {
  const statements = new Map<string, StatementSync>();
  return (sql) => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
}

/** A node:sqlite statement in the form that Kysely's SQLite driver expects. */
const statementOf = (statement: StatementSync) => ({
  reader: statement.columns().length > 0,
  all: (parameters: readonly unknown[]) => statement.all(...(parameters as Parameters)),
  run: (parameters: readonly unknown[]) => statement.run(...(parameters as Parameters)),
  iterate: (parameters: readonly unknown[]) => statement.iterate(...(parameters as Parameters)),
});
