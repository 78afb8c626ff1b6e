/** `foretaste snapshot import|lookup`: fill the index of snapshot records, and ask it. */
import type { Config } from '../config.ts';
import { type DatasetStanding, ForetasteError } from '../domain/index.ts';
import { dataPaths } from '../paths.ts';
import { type ImportFormat, importFiles } from '../snapshot/import.ts';
import { type OpenIndex, openIndex } from '../snapshot/store.ts';
import { Progress } from './progress.ts';

export interface ImportOptions {
  readonly dataset?: string;
  readonly format: ImportFormat;
  readonly column?: readonly string[];
  /** Captions are kept unless `--no-labels` says otherwise. */
  readonly labels?: boolean;
  readonly text?: boolean;
}

/** Imports `files`. Ctrl-C stops after the batch under way; the same command goes on from there. */
export async function importSnapshots(
  config: Config,
  files: readonly string[],
  options: ImportOptions,
  print: (line: string) => void,
): Promise<void> {
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const progress = new Progress('import');
  try {
    const result = await importFiles([...files], {
      dir: dataPaths(config).snapshots,
      dataset: options.dataset,
      format: options.format,
      columns: columnsOf(options.column ?? []),
      labels: options.labels ?? true,
      texts: options.text ?? false,
      signal: abort.signal,
      onProgress: (state) => progress.show(state),
      onSkip: ({ file, row, column, expected, got }) =>
        process.stderr.write(
          `skipped ${file}:${row}${column === undefined ? '' : ` ${column}`}: expected ${expected}, got ${got}\n`,
        ),
    });
    progress.end();
    print(`imported ${result.imported} records, skipped ${result.skipped}, files ${result.files}`);
    if (abort.signal.aborted) {
      process.stderr.write('stopped; run the same command again to go on from here\n');
      process.exitCode = 130;
    }
  } finally {
    progress.end();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** `url=image_link` pairs as given with `--column`. Throws ForetasteError `usage` for what is no pair. */
function columnsOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1 || at === pair.length - 1)
        throw new ForetasteError('usage', `Expected --column FIELD=NAME but received "${pair}".`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** Prints the records of `url` as a JSON array. */
export async function lookupSnapshot(
  config: Config,
  url: string,
  print: (line: string) => void,
): Promise<void> {
  const index = await openConfigured(config);
  try {
    print(JSON.stringify(await index.find(url), null, 2));
  } finally {
    await index.close();
  }
}

/** Prints each dataset with what is held of it, how its records fared when they were checked, and what speaks against it. */
export async function listSnapshots(
  config: Config,
  { json = false }: { json?: boolean },
  print: (line: string) => void,
): Promise<void> {
  const index = await openConfigured(config);
  try {
    const datasets = await index.datasets();
    if (json) print(JSON.stringify(datasets, null, 2));
    else for (const standing of datasets) print(linesOf(standing).join('\n'));
  } finally {
    await index.close();
  }
}

function linesOf({ dataset, records, skipped, checked, suspicions }: DatasetStanding): string[] {
  const { matched, mismatched } = checked;
  return [
    `${dataset}: ${records} records, ${skipped} skipped; ${matched + mismatched} checked, ${matched} agree, ${mismatched} changed`,
    ...suspicions.map((suspicion) => `  suspect: ${suspicion}`),
  ];
}

const openConfigured = (config: Config): Promise<OpenIndex> =>
  openIndex(dataPaths(config).snapshots, {
    also: config.snapshots.indexes,
    onProblem: (problem) =>
      process.stderr.write(`foretaste: ${problem instanceof Error ? problem.message : String(problem)}\n`),
  });
