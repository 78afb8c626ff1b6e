/** Read entries of a ZIP file by name. */
import type { Readable } from 'node:stream';
import { type Entry, open, type ZipFile } from 'yauzl';
import { type Bytes, ForetasteError } from '../../domain/index.ts';

/** A WACZ has a handful of entries for each WARC it holds. */
const MOST_ENTRIES = 100_000;

export interface Zip {
  readonly entries: ReadonlyMap<string, Entry>;
  stream(name: string): Promise<Readable>;
  /** Throws ForetasteError `import` where the entry has more than `limit` octets. */
  read(name: string, limit: Bytes): Promise<Buffer>;
  close(): void;
}

export async function openZip(path: string): Promise<Zip> {
  const zip = await new Promise<ZipFile>((resolve, reject) =>
    open(path, { lazyEntries: true, autoClose: false }, (cause, opened) =>
      cause === null ? resolve(opened) : reject(cause),
    ),
  );
  const entries = await listEntries(zip);
  const stream = (name: string): Promise<Readable> =>
    new Promise((resolve, reject) => {
      const entry = entries.get(name);
      if (entry === undefined)
        return reject(new ForetasteError('import', `Expected ${name} but found no such entry in ${path}.`));
      zip.openReadStream(entry, (cause, opened) => (cause === null ? resolve(opened) : reject(cause)));
    });
  return {
    entries,
    stream,
    read: async (name, limit) => {
      const parts: Buffer[] = [];
      let length = 0;
      for await (const part of await stream(name)) {
        length += part.length;
        if (length > limit)
          throw new ForetasteError(
            'import',
            `Expected ${name} with at most ${limit} octets but it goes on in ${path}.`,
          );
        parts.push(part);
      }
      return Buffer.concat(parts);
    },
    close: () => zip.close(),
  };
}

const listEntries = (zip: ZipFile): Promise<Map<string, Entry>> =>
  new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>();
    zip.on('entry', (entry: Entry) => {
      if (entries.size >= MOST_ENTRIES) return reject(new Error(`more than ${MOST_ENTRIES} entries`));
      entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve(entries));
    zip.on('error', reject);
    zip.readEntry();
  });
