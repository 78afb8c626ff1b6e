/** A folder for one test, and the shortest way to import into an index there. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImportOptions, type ImportSummary, importFiles, type Skip } from '../../src/snapshot/import.ts';
import { type OpenIndex, openIndex } from '../../src/snapshot/store.ts';

export interface Workplace extends AsyncDisposable {
  readonly dir: string;
  write(name: string, content: string | Uint8Array): Promise<string>;
  import(
    files: readonly string[],
    options?: Partial<ImportOptions>,
  ): Promise<ImportSummary & { skips: Skip[] }>;
  index(): Promise<OpenIndex>;
}

export async function workplace(): Promise<Workplace> {
  const dir = await mkdtemp(join(tmpdir(), 'foretaste-snapshot-'));
  const indexes: OpenIndex[] = [];
  return {
    dir,
    write: async (name, content) => {
      await writeFile(join(dir, name), content);
      return join(dir, name);
    },
    import: async (files, options = {}) => {
      const skips: Skip[] = [];
      const summary = await importFiles(files, {
        dir: join(dir, 'index'),
        format: 'auto',
        signal: new AbortController().signal,
        onProgress: () => undefined,
        onSkip: (skip) => skips.push(skip),
        ...options,
      });
      return { ...summary, skips };
    },
    index: async () => {
      const index = await openIndex(join(dir, 'index'));
      indexes.push(index);
      return index;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(indexes.map((index) => index.close()));
      await rm(dir, { recursive: true, force: true });
    },
  };
}
