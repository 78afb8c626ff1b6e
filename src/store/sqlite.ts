/** The store on node:sqlite, the default: one file in WAL mode, which several processes may share. */
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { Kysely, SqliteDialect } from 'kysely';
import { ForetasteError } from '../domain/error.ts';
import type { Clock } from '../domain/units.ts';
import type { Engine, Store } from './engine.ts';
import { migrate, type Tables } from './schema.ts';
import { openFile, parametersOf, preparedOnce } from './sqlite-file.ts';
import type { WriterAnswer, WriterOrder } from './sqlite-writer.ts';
import { createStore } from './store.ts';

/**
 * Opens or creates `file`. Throws ForetasteError `store` where it cannot be opened.
 * `clock` dates what changes in the store, for `export --since`.
 */
export async function openSqlite(file: string, options: { clock: Clock }): Promise<Store> {
  const database = openDatabase(file);
  const prepare = preparedOnce((sql) => statementOf(database.prepare(sql)));
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({
      database: { prepare: prepare, close: () => database.close() },
    }),
  });
  await migrate(db, 'integer');
  const writer = startWriter(file);
  return createStore(
    {
      name: 'sqlite',
      db,
      digest: (text) => hash('sha256', text),
      commit: writer.commit,
      close: async () => {
        await writer.close();
        await db.destroy();
      },
    },
    options.clock,
  );
}

function openDatabase(file: string): DatabaseSync {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return openFile(file, 'normal');
  } catch (cause) {
    throw new ForetasteError('store', `Expected an SQLite database that can be opened in ${file}.`, {
      cause,
      where: file,
    });
  }
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Commits are handed to a thread of their own; it keeps the process alive only while one is under way. */
function startWriter(file: string): Pick<Engine, 'commit' | 'close'> {
  const entry = import.meta.url.endsWith('.ts') ? './sqlite-writer.ts' : './sqlite-writer.js';
  const thread = new Worker(new URL(entry, import.meta.url), { workerData: { file } });
  const waiting = new Map<number, Waiting>();
  const numbers = new Map<string, number>();
  let orders = 0;
  let ended: Error | undefined;
  thread.unref();
  thread.on('message', ({ id, error }: WriterAnswer) => {
    const order = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) thread.unref();
    if (error === undefined) order?.resolve();
    else order?.reject(new Error(error));
  });
  const end = (error: Error) => {
    ended = error;
    for (const order of waiting.values()) order.reject(error);
    waiting.clear();
  };
  thread.on('error', end);
  thread.on('exit', () =>
    end(ended ?? new Error('Expected the writer of the store to run, but it has ended.')),
  );
  return {
    commit: (statements) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        orders += 1;
        waiting.set(orders, { resolve, reject });
        thread.ref();
        thread.postMessage(orderOf(orders, statements, numbers));
      }),
    close: async () => {
      if (ended !== undefined) return;
      const exit = once(thread, 'exit');
      thread.ref();
      thread.postMessage('close');
      await exit;
    },
  };
}

/** `numbers` are of statements that the writer has been told of, and grow with those that it is told now. */
function orderOf(
  id: number,
  statements: Parameters<Engine['commit']>[0],
  numbers: Map<string, number>,
): WriterOrder {
  const known = numbers.size;
  const runs = statements.map(({ sql, parameters }) => {
    const number = numbers.get(sql) ?? numbers.size;
    numbers.set(sql, number);
    return [number, ...parameters] as const;
  });
  return { id, told: [...numbers.keys()].slice(known), runs: JSON.stringify(runs) };
}

/** A node:sqlite statement in the form that Kysely's SQLite driver expects. */
const statementOf = (statement: StatementSync) => ({
  reader: statement.columns().length > 0,
  all: (parameters: readonly unknown[]) => statement.all(...parametersOf(parameters)),
  run: (parameters: readonly unknown[]) => statement.run(...parametersOf(parameters)),
  iterate: (parameters: readonly unknown[]) => statement.iterate(...parametersOf(parameters)),
});
