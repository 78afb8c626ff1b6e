/** WACZ: WARC files in a ZIP, with hashes of all of them and a signature over the hashes. Nothing is read that they do not confirm. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { getCACertificates } from 'node:tls';
import { type Bytes, ForetasteError, type Hex } from '../../domain/index.ts';
import { shown } from '../digest.ts';
import type { Batch, Item, ReadOptions } from './format.ts';
import { parseObject } from './jsonl.ts';
import { inflater, unreadable } from './lines.ts';
import { verifySignature } from './wacz-signature.ts';
import { readWarcStream } from './warc.ts';
import { openZip, type Zip } from './zip.ts';

const DESCRIPTION = 'datapackage.json';
const DIGEST = 'datapackage-digest.json';
const LARGEST_DESCRIPTION: Bytes = 64 * 2 ** 20;
/** Records of one archive are numbered from here times its place, so that numbers rise through the whole file. */
const NUMBERS = 2 ** 24;

export async function* readWacz(path: string, options: ReadOptions): AsyncGenerator<Batch> {
  const zip = await openZip(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    const description = await zip.read(DESCRIPTION, LARGEST_DESCRIPTION);
    await checkDescription(zip, description, options);
    const hashes = hashesOf(description);
    const archives = [...zip.entries.keys()].filter((name) => /^archive\/.*\.warc(\.gz)?$/.test(name)).sort();
    let position = 0;
    for (const [place, name] of archives.entries()) {
      const before = place * NUMBERS;
      position += zip.entries.get(name)?.compressedSize ?? 0;
      if (before + NUMBERS <= options.after) continue;
      const refused = await checkEntry(zip, name, hashes.get(name), before + 1, options.signal);
      if (refused !== undefined) yield { items: [refused], position };
      else yield* readWarcStream(await inflated(await zip.stream(name)), () => position, options, before);
    }
  } finally {
    zip.close();
  }
}

/** The description against its digest, and the digest against its signature, as far as they are there. */
async function checkDescription(
  zip: Zip,
  description: Buffer,
  { onSuspicion }: Pick<ReadOptions, 'onSuspicion'>,
): Promise<void> {
  if (!zip.entries.has(DIGEST)) return;
  const digest = parseObject((await zip.read(DIGEST, LARGEST_DESCRIPTION)).toString());
  const found = `sha256:${createHash('sha256').update(description).digest('hex')}`;
  if (digest?.['hash'] !== found)
    throw new ForetasteError(
      'import',
      `Expected ${DESCRIPTION} with hash ${shown(digest?.['hash'])} but its content has ${found}.`,
    );
  const signed = digest['signedData'];
  if (signed === undefined) return;
  const doubt = verifySignature(signed, found, getCACertificates('default'));
  if (doubt !== undefined) onSuspicion(doubt);
}

/** Hashes of the entries, as WACZ 1.0 (`stats.hash`) and later versions (`hash`) write them. */
function hashesOf(description: Buffer): Map<string, Hex> {
  const resources = parseObject(description.toString())?.['resources'];
  if (!Array.isArray(resources))
    throw new ForetasteError('import', `Expected a list of resources in ${DESCRIPTION}.`);
  return new Map(
    resources.flatMap((resource: Record<string, unknown>) => {
      const stats = resource['stats'] as Record<string, unknown> | undefined;
      const hash = String(resource['hash'] ?? stats?.['hash'] ?? '').replace(/^sha256:/, '');
      return typeof resource['path'] === 'string' ? [[resource['path'], hash] as const] : [];
    }),
  );
}

async function checkEntry(
  zip: Zip,
  name: string,
  expected: Hex | undefined,
  row: number,
  signal: AbortSignal,
): Promise<Item | undefined> {
  if (expected === undefined) return { row, column: name, expected: `a hash in ${DESCRIPTION}`, got: 'none' };
  const hash = createHash('sha256');
  for await (const part of await zip.stream(name)) {
    signal.throwIfAborted();
    hash.update(part);
  }
  const got = hash.digest('hex');
  return got === expected
    ? undefined
    : { row, column: name, expected: `sha256:${expected}`, got: `sha256:${got}` };
}

/** The content of a stream, whatever its first octets say it is compressed with. */
async function inflated(stream: Readable): Promise<Readable> {
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  const first = await chunks.next();
  const all = Readable.from(
    (async function* () {
      if (first.done !== true) yield first.value;
      for (;;) {
        const next = await chunks.next();
        if (next.done === true) return;
        yield next.value;
      }
    })(),
  );
  const inflate = first.done === true ? undefined : inflater(first.value);
  if (inflate === undefined) return all;
  all.on('error', (cause) => inflate.destroy(cause));
  inflate.on('close', () => all.destroy());
  return all.pipe(inflate);
}
