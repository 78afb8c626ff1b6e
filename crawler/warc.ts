/** The WARC: every response that the guard let through, one gzip member a record, in one file for each run. */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { WARCRecord, WARCSerializer } from 'warcio';
import type { Response } from './client.ts';

export interface Warc {
  add(response: Response, at: string): Promise<void>;
  close(): Promise<void>;
}

/** @see ISO 28500:2017 (WARC/1.1) */
export async function openWarc(file: string, software: string, startedAt: string): Promise<Warc> {
  const handle = await open(file, 'wx');
  let last: Promise<unknown> = Promise.resolve();
  // Records must not interleave, and each must be whole before the crawl counts its URL as done.
  const write = (record: WARCRecord): Promise<void> => {
    const written = last.then(async () => {
      await handle.appendFile(await WARCSerializer.serialize(record, { gzip: true }));
    });
    last = written.catch(() => undefined);
    return written;
  };
  await write(
    WARCRecord.createWARCInfo(
      { filename: basename(file), warcVersion: 'WARC/1.1', date: startedAt },
      { software, format: 'WARC File Format 1.1' },
    ),
  );
  return {
    add: (response, at) => write(recordOf(response, at)),
    async close() {
      await last;
      await handle.close();
    },
  };
}

/** Added on the way by the guard, and no part of what the origin sent. */
const OURS = /^foretaste-/i;
/** Transfer codings end at the proxy; the body here is the entity. */
const HOP_BY_HOP = /^(?:connection|keep-alive|transfer-encoding|proxy-.*|te|trailer|upgrade)$/i;

function recordOf(response: Response, at: string): WARCRecord {
  const kept = response.fields.filter(([name]) => !OURS.test(name) && !HOP_BY_HOP.test(name));
  const { verdict } = response;
  return WARCRecord.create(
    {
      url: response.url,
      date: at,
      type: 'response',
      warcVersion: 'WARC/1.1',
      statusline: `HTTP/1.1 ${response.status} `,
      httpHeaders: kept.map(([name, value]) => [name, value]),
      keepHeadersCase: true,
      warcHeaders: verdict ? { 'Foretaste-Verdict': verdict.verdict, 'Foretaste-Id': verdict.id } : {},
    },
    [response.body],
  );
}
