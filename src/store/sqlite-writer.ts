/** The thread that writes an SQLite file: a commit waits for the disk, and nothing else has to wait with it. */
import { parentPort, workerData } from 'node:worker_threads';
import { openFile, parametersOf, preparedOnce } from './sqlite-file.ts';

export interface WriterOrder {
  readonly id: number;
  readonly statements: ReadonlyArray<{ readonly sql: string; readonly parameters: readonly unknown[] }>;
}

/** `error`: what failed; nothing of that order was written. */
export interface WriterAnswer {
  readonly id: number;
  readonly error?: string;
}

if (parentPort !== null) {
  const port = parentPort;
  const database = openFile((workerData as { file: string }).file, 'full');
  const prepare = preparedOnce(database);

  const commit = (statements: WriterOrder['statements']): void => {
    database.exec('begin immediate');
    try {
      for (const { sql, parameters } of statements) prepare(sql).run(...parametersOf(parameters));
      database.exec('commit');
    } catch (error) {
      if (database.isTransaction) database.exec('rollback');
      throw error;
    }
  };

  port.on('message', (order: WriterOrder | 'close') => {
    if (order === 'close') {
      database.close();
      port.close();
      return;
    }
    let answer: WriterAnswer = { id: order.id };
    try {
      commit(order.statements);
    } catch (error) {
      answer = { id: order.id, error: error instanceof Error ? error.message : String(error) };
    }
    port.postMessage(answer);
  });
}
