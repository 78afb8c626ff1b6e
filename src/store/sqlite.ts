/** The store on node:sqlite, the default: one file in WAL mode, which several processes may share. */
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { type CompiledQuery, Kysely, SqliteDialect } from 'kysely';
import { ForetasteError } from '../domain/error.ts';
import type { Clock } from '../domain/units.ts';
import type { Addition, Engine, Store } from './engine.ts';
import { migrate, type Tables } from './schema.ts';
import { openFile, parametersOf, preparedOnce } from './sqlite-file.ts';
import type { WriterAnswer, WriterOrder, WriterRun } from './sqlite-writer.ts';
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
      commit: async (statements) => {
        await writer.append([], statements);
      },
      append: writer.append,
      turn: () => new Promise((resolve) => setImmediate(resolve)),
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
    return openFile(file);
  } catch (cause) {
    throw new ForetasteError('store', `Expected an SQLite database that can be opened in ${file}.`, {
      cause,
      where: file,
    });
  }
}

interface Waiting {
  readonly resolve: (first: number) => void;
  readonly reject: (error: Error) => void;
}

interface Writer extends Required<Pick<Engine, 'append'>> {
  close(): Promise<void>;
}

/** Commits are handed to a thread of their own; it keeps the process alive only while one is under way. */
function startWriter(file: string): Writer {
  const entry = import.meta.url.endsWith('.ts') ? './sqlite-writer.ts' : './sqlite-writer.js';
  const thread = new Worker(new URL(entry, import.meta.url), { workerData: { file } });
  /** Orders are carried out, and answered, as they come. */
  const waiting: Waiting[] = [];
  const told = new Map<string, number>();
  let ended: Error | undefined;
  thread.unref();
  thread.on('message', (answer: WriterAnswer) => {
    const order = waiting.shift();
    if (waiting.length === 0) thread.unref();
    if ('first' in answer) order?.resolve(answer.first);
    else order?.reject(new Error(answer.error));
  });
  const end = (error: Error) => {
    ended = error;
    for (const order of waiting.splice(0)) order.reject(error);
  };
  thread.on('error', end);
  thread.on('exit', () =>
    end(ended ?? new Error('Expected the writer of the store to run, but it has ended.')),
  );
  return {
    append: (additions, after) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        waiting.push({ resolve, reject });
        if (waiting.length === 1) thread.ref();
        thread.postMessage(orderOf(additions, after, told));
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

/** `told`: statements that the writer knows by their number; it grows with those that it is told now. */
function orderOf(
  additions: readonly Addition[],
  after: readonly CompiledQuery[],
  told: Map<string, number>,
): WriterOrder {
  const known = told.size;
  const runOf = ({ sql, parameters }: CompiledQuery): WriterRun => {
    let number = told.get(sql);
    if (number === undefined) {
      number = told.size;
      told.set(sql, number);
    }
    return [number, ...parameters];
  };
  const lines = additions.map(({ kind, subject, around: [before, rest], beside }) => ({
    kind,
    subject,
    before,
    rest,
    runs: beside.map(runOf),
  }));
  const runs = after.map(runOf);
  return { statements: told.size === known ? [] : [...told.keys()].slice(known), lines, runs };
}

/** A node:sqlite statement in the form that Kysely's SQLite driver expects. */
const statementOf = (statement: StatementSync) => ({
  reader: statement.columns().length > 0,
  all: (parameters: readonly unknown[]) => statement.all(...parametersOf(parameters)),
  run: (parameters: readonly unknown[]) => statement.run(...parametersOf(parameters)),
  iterate: (parameters: readonly unknown[]) => statement.iterate(...parametersOf(parameters)),
});
