/** An index behind a web server or in a bucket: its manifest by GET, its segments by Range requests. Never written. */
import { LRUCache } from 'lru-cache';
import { Agent, request } from 'undici';
import { type Bytes, ForetasteError, type Milliseconds } from '../domain/index.ts';
import type { IndexFolder } from './folder.ts';
import { MANIFEST, type Manifest, parseManifest, SEGMENTS } from './manifest.ts';
import { endsBefore, type RangeFile } from './range-file.ts';

/** Rows of one lookup lie together, those of the next anywhere; captions of neighbours share a block. */
const BLOCK: Bytes = 16 * 2 ** 10;
/** Of all segments of one index together: 64 MiB. */
const MOST_BLOCKS = 4096;
/** A directory is read in parts of this size, so that a broken connection costs one of them. */
const PART: Bytes = 8 * 2 ** 20;
const PARTS_AT_ONCE = 4;
/** A manifest with as many segments as anybody has is under a megabyte. */
const LARGEST_MANIFEST: Bytes = 64 * 2 ** 20;
/** How long an import may stay unseen. */
const LOOK_EVERY: Milliseconds = 30_000;
const PATIENCE: Milliseconds = 5000;
const TRIES = 2;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** `base`: the URL of the folder; user and password in it are sent as Basic authorization. Nothing is asked before `manifest`. */
export function remoteFolder(base: string): IndexFolder {
  const { root, headers } = splitCredentials(base);
  const agent = new Agent({
    headersTimeout: PATIENCE,
    bodyTimeout: PATIENCE,
    connect: { timeout: PATIENCE },
  });
  const blocks = new LRUCache<string, Promise<Buffer>>({ max: MOST_BLOCKS });
  let known: { readonly etag: string; readonly manifest: Manifest } | undefined;
  let looked = 0;

  const get = async (url: string, fields: Readonly<Record<string, string>> = {}): Promise<Answer> => {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await request(url, { dispatcher: agent, headers: { ...headers, ...fields } });
        const body = Buffer.from(await answer.body.arrayBuffer());
        if (answer.statusCode < 500 || attempt === TRIES)
          return { status: answer.statusCode, headers: answer.headers, body };
      } catch (cause) {
        if (attempt < TRIES) continue;
        throw new ForetasteError(
          'store',
          `Expected an answer but received "${cause instanceof Error ? cause.message : String(cause)}" from ${url}.`,
          { where: url, cause },
        );
      }
    }
  };

  const look = async (): Promise<Manifest> => {
    looked = Date.now();
    const url = `${root}/${MANIFEST}`;
    const answer = await get(url, known === undefined ? {} : { 'if-none-match': known.etag });
    if (answer.status === 304 && known !== undefined) return known.manifest;
    if (answer.status !== 200)
      throw new ForetasteError(
        'store',
        `Expected an index but received status ${answer.status} from ${url}.`,
        { where: url },
      );
    if (answer.body.length > LARGEST_MANIFEST)
      throw new ForetasteError(
        'store',
        `Expected a manifest but received ${answer.body.length} octets from ${url}.`,
      );
    const manifest = parseManifest(answer.body.toString(), url);
    // A server without ETag: the content is its own.
    known = { etag: String(answer.headers['etag'] ?? `"${answer.body.length}-${Date.now()}"`), manifest };
    return manifest;
  };

  const range = async (url: string, from: Bytes, to: Bytes): Promise<Answer> => {
    const answer = await get(url, { range: `bytes=${from}-${to - 1}` });
    if (answer.status === 206) return answer;
    throw new ForetasteError(
      'store',
      answer.status === 200
        ? `Expected status 206 for a Range request but received 200 from ${url}: the server knows no ranges.`
        : `Expected status 206 but received ${answer.status} from ${url}.`,
      { where: url },
    );
  };

  const open = async (file: string): Promise<RangeFile> => {
    const url = `${root}/${SEGMENTS}/${file}`;
    const first = await range(url, 0, 1);
    const size = Number(/\/(\d+)$/.exec(String(first.headers['content-range'] ?? ''))?.[1] ?? Number.NaN);
    if (!Number.isSafeInteger(size))
      throw new ForetasteError(
        'store',
        `Expected Content-Range with a length but received ${String(first.headers['content-range'])} from ${url}.`,
        { where: url },
      );
    const exact = async (from: Bytes, to: Bytes): Promise<Buffer> => {
      const { body } = await range(url, from, to);
      if (body.length !== to - from) throw endsBefore(url, from, to - from);
      return body;
    };
    const block = (number: number): Promise<Buffer> => {
      const key = `${file} ${number}`;
      const held = blocks.get(key);
      if (held !== undefined) return held;
      const fetched = exact(number * BLOCK, Math.min(size, (number + 1) * BLOCK));
      blocks.set(key, fetched);
      // What failed is asked for again by the next one.
      fetched.catch(() => blocks.delete(key));
      return fetched;
    };
    return {
      name: url,
      size,
      read: async (position, length) => {
        if (position + length > size) throw endsBefore(url, position, length);
        if (length > PART / 2) return readParts(exact, position, length);
        const [from, to] = [Math.floor(position / BLOCK), Math.ceil((position + length) / BLOCK)];
        const parts = await Promise.all(Array.from({ length: to - from }, (_, at) => block(from + at)));
        const start = position - from * BLOCK;
        return Buffer.concat(parts).subarray(start, start + length);
      },
      close: async () => undefined,
    };
  };

  return {
    name: root,
    version: () => {
      // Behind the exchanges: a server that does not answer now leaves what is known.
      if (Date.now() - looked >= LOOK_EVERY) look().catch(() => undefined);
      return known?.etag ?? '';
    },
    manifest: async () => known?.manifest ?? (await look()),
    open,
    close: () => agent.destroy(),
  };
}

async function readParts(
  exact: (from: Bytes, to: Bytes) => Promise<Buffer>,
  position: Bytes,
  length: Bytes,
): Promise<Buffer> {
  const whole = Buffer.allocUnsafe(length);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next; at < length; at = next) {
      next = Math.min(length, at + PART);
      const end = next;
      (await exact(position + at, position + end)).copy(whole, at);
    }
  };
  await Promise.all(Array.from({ length: PARTS_AT_ONCE }, work));
  return whole;
}

function splitCredentials(base: string): { root: string; headers: Record<string, string> } {
  const url = URL.parse(base);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new ForetasteError('config', `Expected an http or https URL of an index but received ${base}.`);
  const given = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const headers: Record<string, string> = {};
  if (given !== ':') headers['authorization'] = `Basic ${Buffer.from(given).toString('base64')}`;
  url.username = '';
  url.password = '';
  url.hash = '';
  return { root: url.href.replace(/\/+$/, ''), headers };
}
