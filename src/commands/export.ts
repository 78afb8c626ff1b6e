/** `foretaste export`: the filter list for a training pipeline, to a file or standard output. */
import { Readable } from 'node:stream';
import { type ExportFormat, encodeExport } from '../api/export/encode.ts';
import type { Config } from '../config.ts';
import { openStore } from '../core.ts';
import { ForetasteError, VERDICTS, type VerdictName } from '../domain/index.ts';
import { writeOutput } from './output.ts';
import { sinceOf } from './since.ts';

export interface ExportOptions {
  readonly since?: string;
  /** Verdict names, comma separated. */
  readonly verdict?: string;
  readonly format: ExportFormat;
  readonly out?: string;
}

/** Writes one row per URL and digest. A file appears whole or not at all. */
export async function exportVerdicts(config: Config, options: ExportOptions): Promise<void> {
  const query = { ...sinceOf(options.since), ...verdictsOf(options.verdict) };
  const store = await openStore(config);
  try {
    const encoded = Readable.from(encodeExport(options.format, store.verdicts.export(query)));
    await writeOutput(encoded, options.out);
  } finally {
    await store.close();
  }
}

/** `--verdict`: names separated by commas. Throws ForetasteError `usage` for what is none. */
export function verdictsOf(list: string | undefined): { verdict?: VerdictName[] } {
  if (list === undefined) return {};
  const names = list.split(',');
  const wrong = names.find((name) => !(VERDICTS as readonly string[]).includes(name));
  if (wrong !== undefined)
    throw new ForetasteError('usage', `Expected ${VERDICTS.join(', ')} but received ${wrong} in --verdict.`);
  return { verdict: names as VerdictName[] };
}
