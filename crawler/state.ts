/** What is done: one line of JSON for each URL, so that a crawl can be stopped anywhere and go on. */
import { type FileHandle, open } from 'node:fs/promises';
import type { Row } from './row.ts';

export interface State {
  /** URLs that are done already. */
  readonly done: ReadonlySet<string>;
  add(row: Row): Promise<void>;
  close(): Promise<void>;
}

/** Opens or makes the file. A line that a crash cut off is dropped: its URL is fetched again. */
export async function openState(file: string): Promise<State> {
  const handle = await open(file, 'a+');
  const done = new Set<string>();
  for await (const row of rowsOf(file)) done.add(row.url);
  await endLine(handle);
  return {
    done,
    async add(row) {
      done.add(row.url);
      await handle.appendFile(`${JSON.stringify(row)}\n`);
    },
    close: () => handle.close(),
  };
}

/** All rows so far, in the order in which they were finished. */
export async function* rowsOf(file: string): AsyncGenerator<Row> {
  const handle = await open(file, 'r');
  try {
    for await (const line of handle.readLines()) {
      const row = parse(line);
      if (row) yield row;
    }
  } finally {
    await handle.close();
  }
}

function parse(line: string): Row | undefined {
  try {
    return JSON.parse(line) as Row;
  } catch {
    return undefined;
  }
}

/** After a cut line the next row would be glued to it. */
async function endLine(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  if (size === 0) return;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  if (buffer[0] !== 0x0a) await handle.appendFile('\n');
}
