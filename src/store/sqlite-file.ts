/** One SQLite file, opened so that several connections and processes may share it. */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

/** How long a commit of another process is waited for: far beyond any batch, below what a client waits. */
const BUSY_MS = 5_000;

/**
 * `full` syncs the log at every commit: a verdict that a client has seen also survives the death of the machine.
 * `normal` is for what can be done again, such as building the schema.
 */
export function openFile(file: string, synchronous: 'full' | 'normal'): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: BUSY_MS });
  database.exec('pragma journal_mode = wal');
  database.exec(`pragma synchronous = ${synchronous}`);
  return database;
}

/** Statements are few and used all the time: each is prepared once. */
export function preparedOnce<Prepared>(prepare: (sql: string) => Prepared): (sql: string) => Prepared {
  const statements = new Map<string, Prepared>();
  return (sql) => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
}

export const parametersOf = (parameters: readonly unknown[]): SQLInputValue[] =>
  parameters as SQLInputValue[];
