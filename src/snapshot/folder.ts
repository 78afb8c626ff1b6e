/** Where an index stands: a folder of this machine, or one behind a web server. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { ForetasteError } from '../domain/index.ts';
import { MANIFEST, type Manifest, readManifest, SEGMENTS } from './manifest.ts';
import { openLocalFile, type RangeFile } from './range-file.ts';

export interface IndexFolder {
  /** Path or URL, for messages. */
  readonly name: string;
  /** Another one as soon as the manifest is another; empty where there is none. */
  version(): string;
  manifest(): Promise<Manifest>;
  /** A file of the segments. */
  open(file: string): Promise<RangeFile>;
  close(): Promise<void>;
}

export const localFolder = (dir: string, manifest = join(dir, MANIFEST)): IndexFolder => ({
  name: dir,
  /**
   * The inode changes with each replacement, even twice within one tick of the file system's clock. Every exchange asks; asked
   * synchronously it costs 2 microseconds, a tenth of a turn through the thread pool.
   */
  version: () => {
    const found = statSync(manifest, { throwIfNoEntry: false });
    return found === undefined ? '' : `${found.ino}:${found.mtimeMs}:${found.size}`;
  },
  manifest: () => readManifest(dir),
  open: (file) => openLocalFile(join(dir, SEGMENTS, file)),
  close: async () => undefined,
});

/** A folder that somebody else fills. Throws ForetasteError `config` where it holds no index. */
export function existingFolder(dir: string): IndexFolder {
  const folder = localFolder(dir);
  if (folder.version() === '')
    throw new ForetasteError('config', `Expected an index with ${MANIFEST} but found none in ${dir}.`, {
      where: dir,
    });
  return folder;
}
