/** The thread that writes an SQLite file: it finds the end of the log, chains what is added to it, and commits. */
import { hash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { GENESIS } from './chain.ts';
import { placed } from './place.ts';
import { openFile, parametersOf, preparedOnce } from './sqlite-file.ts';

/** The number of a statement, and its parameters, among them places of this order. */
export type WriterRun = readonly [number: number, ...parameters: unknown[]];

export interface WriterOrder {
  /** Statements that have not been used before; they are numbered as they come. */
  readonly statements: readonly string[];
  /** Lines for the end of the log, their canonical JSON cut at the place of `seq`, each with what changes beside it. */
  readonly lines: ReadonlyArray<{
    readonly kind: string;
    readonly subject: string;
    readonly before: string;
    readonly rest: string;
    readonly runs: readonly WriterRun[];
  }>;
  readonly runs: readonly WriterRun[];
}

/** `first`: the place of the first line, or the next free one where there was none. `error`: nothing was written. */
export type WriterAnswer = { readonly first: number } | { readonly error: string };

if (parentPort !== null) {
  const port = parentPort;
  const database = openFile((workerData as { file: string }).file);
  const prepare = preparedOnce((sql) => database.prepare(sql));
  const statements: string[] = [];
  const begin = database.prepare('begin immediate');
  const commit = database.prepare('commit');
  const end = database.prepare('select seq, chain from log order by seq desc limit 1');
  const add = database.prepare('insert into log (seq, kind, subject, entry, chain) values (?, ?, ?, ?, ?)');

  const run = ([number, ...parameters]: WriterRun, first: number): void => {
    const given = parameters.map((parameter) => placed(parameter, first));
    prepare(statements[number] ?? '').run(...parametersOf(given));
  };

  /** No other process can move the end of the log between `begin immediate` and the commit. */
  const write = ({ lines, runs }: WriterOrder): number => {
    begin.run();
    try {
      const head = (end.get() ?? { seq: 0, chain: GENESIS }) as { seq: number; chain: string };
      const first = head.seq + 1;
      let { seq, chain } = head;
      for (const line of lines) {
        seq += 1;
        const entry = `${line.before}${seq}${line.rest}`;
        chain = hash('sha256', chain + entry);
        add.run(seq, line.kind, line.subject, entry, chain);
        for (const beside of line.runs) run(beside, first);
      }
      for (const after of runs) run(after, first);
      commit.run();
      return first;
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
    statements.push(...order.statements);
    let answer: WriterAnswer;
    try {
      answer = { first: write(order) };
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : String(error) };
    }
    port.postMessage(answer);
  });
}
