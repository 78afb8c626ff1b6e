/** The thread that writes an SQLite file: a commit waits for the disk, and nothing else has to wait with it. */
import { parentPort, workerData } from 'node:worker_threads';
import { openFile, parametersOf, preparedOnce } from './sqlite-file.ts';

export interface WriterOrder {
  readonly id: number;
  /** Statements that have not been used before; they are numbered as they come. */
  readonly told: readonly string[];
  /** JSON of `WriterRun[]`: one string crosses between threads more cheaply than many. */
  readonly runs: string;
}

/** The number of a statement, and its parameters. */
export type WriterRun = readonly [number: number, ...parameters: unknown[]];

/** `error`: what failed; nothing of that order was written. */
export interface WriterAnswer {
  readonly id: number;
  readonly error?: string;
}

if (parentPort !== null) {
  const port = parentPort;
  const database = openFile((workerData as { file: string }).file, 'full');
  const prepare = preparedOnce((sql) => database.prepare(sql));
  const statements: string[] = [];

  const commit = ({ told, runs }: WriterOrder): void => {
    statements.push(...told);
    database.exec('begin immediate');
    try {
      for (const [number, ...parameters] of JSON.parse(runs) as WriterRun[])
        prepare(statements[number] ?? '').run(...parametersOf(parameters));
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
      commit(order);
    } catch (error) {
      answer = { id: order.id, error: error instanceof Error ? error.message : String(error) };
    }
    port.postMessage(answer);
  });
}
