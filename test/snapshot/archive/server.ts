/** A web archive on loopback over real WARC files: CDX server, playback, TimeGate, and ranges of the files themselves. */

import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { onTestFinished } from 'vitest';
import { WARCParser } from 'warcio';

interface Held {
  readonly url: string;
  /** 14 digits. */
  readonly timestamp: string;
  readonly status: string;
  readonly type: string;
  readonly content: Uint8Array;
  readonly filename: string;
  readonly offset: number;
  readonly length: number;
}

export interface ArchiveServer {
  readonly url: string;
  /** Takes in another WARC file. */
  add(file: string): Promise<void>;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  /** What the next requests are answered instead, first one first. */
  readonly refusals: Array<{ readonly status: number; readonly fields?: Readonly<Record<string, string>> }>;
}

export async function startArchive(files: readonly string[]): Promise<ArchiveServer> {
  const contents = new Map<string, Buffer>();
  const held: Held[] = [];
  const add = async (file: string): Promise<void> => {
    const bytes = await readFile(file);
    contents.set(basename(file), bytes);
    held.push(...(await capturesIn(bytes, basename(file))));
  };
  for (const file of files) await add(file);
  const asked: string[] = [];
  const refusals: Array<{ status: number; fields?: Readonly<Record<string, string>> }> = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const refusal = refusals.shift();
    if (refusal !== undefined) response.writeHead(refusal.status, refusal.fields).end();
    else answer(path, request, response, held, contents);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, refusals, add };
}

async function capturesIn(bytes: Buffer, filename: string): Promise<Held[]> {
  const held: Held[] = [];
  const parser = new WARCParser([bytes]);
  for await (const record of parser) {
    const content = await record.readFully(true);
    if (record.warcType !== 'response') continue;
    held.push({
      url: record.warcTargetURI ?? '',
      timestamp: (record.warcDate ?? '').replace(/\D/g, '').slice(0, 14),
      status: String(record.httpHeaders?.statusCode),
      type: record.httpHeaders?.headers.get('content-type') ?? '',
      content: content ?? new Uint8Array(),
      filename,
      offset: parser.offset,
      length: parser.recordLength,
    });
  }
  return held;
}

function answer(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  held: readonly Held[],
  files: ReadonlyMap<string, Buffer>,
): void {
  const { pathname, searchParams } = new URL(path, 'http://archive');
  const [, digits, played] = /^\/web\/(\d{14})id_\/(.*)$/.exec(path) ?? [];
  const file = files.get(pathname.slice('/warc/'.length));
  const listed = [...held].sort((a, b) => a.timestamp.localeCompare(b.timestamp));
  if (pathname === '/cdx/search/cdx') {
    const rows = listed.filter(({ url }) => sortKey(url) === sortKey(searchParams.get('url') ?? ''));
    response.end(
      JSON.stringify([
        ['urlkey', 'timestamp', 'original', 'mimetype', 'statuscode', 'digest', 'length'],
        ...rows.map(({ url, timestamp, status, type, length }) => [
          sortKey(url),
          timestamp,
          url,
          type,
          status,
          '-',
          String(length),
        ]),
      ]),
    );
  } else if (pathname === '/CC-MAIN-2026-10-index') {
    const rows = listed.filter(({ url }) => sortKey(url) === sortKey(searchParams.get('url') ?? ''));
    response.writeHead(rows.length === 0 ? 404 : 200);
    response.end(
      rows
        .map(({ url, timestamp, status, type, filename, offset, length }) =>
          JSON.stringify({
            urlkey: sortKey(url),
            timestamp,
            url,
            mime: type,
            status,
            filename,
            offset: String(offset),
            length: String(length),
          }),
        )
        .join('\n'),
    );
  } else if (file !== undefined) {
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    response.writeHead(206).end(file.subarray(Number(from), Number(to) + 1));
  } else if (digits !== undefined) {
    const found = listed.find(({ url, timestamp }) => url === played && timestamp === digits);
    response.writeHead(found === undefined ? 404 : Number(found.status), {
      'content-type': found?.type ?? 'text/html',
      'x-archive-orig-x-served-by': 'the origin',
      'memento-datetime': found === undefined ? '' : new Date(readDate(digits)).toUTCString(),
    });
    response.end(found?.content);
  } else if (path.startsWith('/timegate/')) {
    const wanted = Date.parse(String(request.headers['accept-datetime']));
    const distance = ({ timestamp }: Held): number => Math.abs(readDate(timestamp) - wanted);
    const [nearest] = listed
      .filter(({ url }) => url === path.slice('/timegate/'.length))
      .sort((a, b) => distance(a) - distance(b));
    if (nearest === undefined) response.writeHead(404).end();
    else response.writeHead(302, { location: `/web/${nearest.timestamp}mp_/${nearest.url}` }).end();
  } else response.writeHead(404).end();
}

const readDate = (digits: string): number =>
  Date.parse(digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z'));

/** Archives list under keys that fold case, `www.` and the scheme. */
const sortKey = (url: string): string =>
  url
    .replace(/^https?:\/\/(www\.)?/i, '')
    .replace(/\/$/, '')
    .toLowerCase();
