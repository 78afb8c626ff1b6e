/** The files under paths, and the content that each of them holds, told by its octets and not by its name. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ForetasteError } from '../../domain/index.ts';
import { parseObject } from '../../snapshot/formats/jsonl.ts';
import { readContentHead } from '../../snapshot/formats/lines.ts';
import { type ScanLimits, type Scanned, tooLarge } from './item.ts';
import { scanLines, scanParquet } from './rows.ts';
import { contentOf, DESCRIPTIONS, isDescription, type Member } from './sample.ts';
import { scanTar } from './tar.ts';
import { scanWarc } from './warc.ts';

const HEAD_BYTES = 64 * 1024;

/** Files below each of `paths`, in the order of their names. Throws ForetasteError `usage` for a path that is not there. */
export async function filesUnder(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const entry = await stat(path).catch(() => undefined);
      if (entry === undefined)
        throw new ForetasteError('usage', `Expected a file or folder but there is none at ${path}.`);
      if (!entry.isDirectory()) return [path];
      const below = await readdir(path, { recursive: true, withFileTypes: true });
      return below
        .filter((each) => each.isFile() && !each.name.startsWith('.'))
        .map((each) => join(each.parentPath, each.name))
        .sort();
    }),
  );
  return found.flat();
}

/** The content of one of `files`; nothing for one that describes its neighbour. Never throws for what a file holds. */
export async function* scanFile(
  path: string,
  files: ReadonlySet<string>,
  limits: ScanLimits,
  signal: AbortSignal,
): AsyncGenerator<Scanned> {
  try {
    switch (await kindOf(path, signal)) {
      case 'parquet':
        return yield* scanParquet(path, limits);
      case 'warc':
        return yield* scanWarc(path, limits, signal);
      case 'tar':
        return yield* scanTar(path, limits, signal);
      case 'lines':
        return yield* scanLines(path, limits, signal);
      case 'plain':
        return yield* scanPlain(path, files, limits);
    }
  } catch (cause) {
    signal.throwIfAborted();
    yield {
      where: path,
      expected: 'readable content',
      got: cause instanceof Error ? cause.message : String(cause),
    };
  }
}

async function kindOf(
  path: string,
  signal: AbortSignal,
): Promise<'parquet' | 'warc' | 'tar' | 'lines' | 'plain'> {
  const head = await readContentHead(path, HEAD_BYTES, signal);
  if (head.toString('latin1', 0, 4) === 'PAR1') return 'parquet';
  if (head.toString('latin1', 0, 5) === 'WARC/') return 'warc';
  if (head.toString('latin1', 257, 262) === 'ustar') return 'tar';
  return beginsWithLines(head, path) ? 'lines' : 'plain';
}

/** One object a line: a second one follows the first, or the name says so. */
function beginsWithLines(head: Buffer, path: string): boolean {
  if (head[0] !== 0x7b) return false;
  if (/\.(jsonl|ndjson)(\.(gz|zst))?$/i.test(path)) return true;
  const [first = '', second = ''] = head.toString('utf8').split('\n');
  return parseObject(first) !== undefined && second.startsWith('{');
}

async function* scanPlain(
  path: string,
  files: ReadonlySet<string>,
  limits: ScanLimits,
): AsyncGenerator<Scanned> {
  const { stem, extension } = partsOf(path);
  const beside = DESCRIPTIONS.map((each) => `${stem}.${each}`).filter(
    (each) => each !== path && files.has(each),
  );
  if (isDescription(extension) && describesAnother(stem, files)) return;
  const { size } = await stat(path);
  if (size > limits.body) {
    yield tooLarge(path, size, limits);
    return;
  }
  const read = async (file: string): Promise<Member> => ({
    name: file,
    extension: partsOf(file).extension,
    bytes: await readFile(file),
  });
  const member = await read(path);
  const descriptions = await Promise.all(beside.map(read));
  const item = contentOf(path, member, descriptions);
  yield item.url === undefined ? { ...item, url: pathToFileURL(path).href } : item;
}

/** What img2dataset and its users store beside a description. */
const DESCRIBED = ['jpg', 'jpeg', 'png', 'webp', 'gif', 'avif'];

const describesAnother = (stem: string, files: ReadonlySet<string>): boolean =>
  DESCRIBED.some((extension) => files.has(`${stem}.${extension}`));

function partsOf(path: string): { stem: string; extension: string } {
  const [, stem = path, extension = ''] = /^(.*)\.([^./]*)$/.exec(path) ?? [];
  return { stem, extension };
}
