/** Where things stand: the folders of this package, and of the data folder. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from './config.ts';

/** The rules that ship with this version. */
export const RULES = fileURLToPath(new URL('../rules', import.meta.url));

export interface DataPaths {
  readonly root: string;
  /** Root certificate and key. */
  readonly authority: string;
  readonly database: string;
  readonly bodies: string;
  /** Content that is too large for memory while it is judged; emptied at start. */
  readonly spool: string;
  readonly snapshots: string;
  /** The secret by which audits are drawn. */
  readonly auditKey: string;
}

/** The data folder of a configuration, made where it is missing. */
export function dataPaths({ data }: Pick<Config, 'data'>): DataPaths {
  const root = resolve(data);
  mkdirSync(root, { recursive: true });
  return {
    root,
    authority: join(root, 'ca'),
    database: join(root, 'foretaste.sqlite'),
    bodies: join(root, 'bodies'),
    spool: join(root, 'spool'),
    snapshots: join(root, 'snapshots'),
    auditKey: join(root, 'audit.key'),
  };
}
