import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Capture } from '../../../src/domain/index.ts';
import { type Archive, createArchives } from '../../../src/snapshot/archive/archives.ts';
import { fetcher } from '../../fetch/kit.ts';
import { type ArchiveServer, startArchive } from './server.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');
const FILES = ['warciojs_example.warc.gz', 'warciojs_example-iana.org-chunked.warc'].map((name) =>
  join(FIXTURES, name),
);

const shapes = (url: string): Record<Archive['kind'], Archive> => ({
  wayback: { name: 'local', kind: 'wayback', url: `${url}/web/`, rate: 60_000 },
  memento: { name: 'local', kind: 'memento', url: `${url}/timegate/`, rate: 60_000 },
  commoncrawl: {
    name: 'local',
    kind: 'commoncrawl',
    url: `${url}/warc/`,
    index: `${url}/CC-MAIN-2026-10-index`,
    rate: 60_000,
  },
});

const KINDS = ['wayback', 'memento', 'commoncrawl'] as const;
const NEAR = Date.parse('2022-05-01T00:00:00Z');

/** Archives over `server`, at a moment that stands still. */
const archivesOf = (server: ArchiveServer, kind: Archive['kind'], change: Partial<Archive> = {}) => {
  const clock = Date.now;
  const archives = createArchives([{ ...shapes(server.url)[kind], ...change }], {
    fetcher: fetcher(),
    clock,
    inflate: 2 ** 20,
  });
  return {
    nearest: (url: string, more: { near?: number; before?: number; patience?: number } = {}) =>
      archives.nearest({
        url,
        near: more.near ?? NEAR,
        ...(more.before === undefined ? {} : { before: more.before }),
        deadline: clock() + (more.patience ?? 10_000),
      }),
  };
};

const textOf = async (capture: Capture | undefined): Promise<string> =>
  Buffer.from((await capture?.body.decoded()) ?? []).toString();

describe('archives', () => {
  it.each(KINDS)('%s: a capture comes with its own moment, name and content', async (kind) => {
    const archives = archivesOf(await startArchive(FILES), kind);
    const page = await archives.nearest('http://example.com/');
    expect(page).toMatchObject({
      identity: 'archive@local',
      url: 'http://example.com/',
      status: 200,
      mediaType: 'text/html',
      startedAt: Date.parse('2017-03-06T04:02:06Z'),
    });
    expect(await textOf(page)).toContain('This domain is established to be used for illustrative examples');
  });

  it.each(KINDS)('%s: content that was stored in chunks and packed comes out as a page', async (kind) => {
    const page = await archivesOf(await startArchive(FILES), kind).nearest('http://www.iana.org/');
    expect(await textOf(page)).toMatch(/^\s*<!doctype html>/i);
  });

  it('the scheme and its default port are no part of what is asked for', async () => {
    const archives = archivesOf(await startArchive(FILES), 'wayback');
    expect(await archives.nearest('https://example.com/')).toBeDefined();
  });

  it.each(KINDS)('%s: another URL under the same sort key is not taken for it', async (kind) => {
    const server = await startArchive(FILES);
    expect(await archivesOf(server, kind).nearest('http://www.example.com/')).toBeUndefined();
  });

  it.each(KINDS)('%s: a capture after the last moment that counts is left alone', async (kind) => {
    const archives = archivesOf(await startArchive(FILES), kind);
    expect(
      await archives.nearest('http://example.com/', { before: Date.parse('2017-01-01') }),
    ).toBeUndefined();
  });

  it('the same question is asked once, whether there was an answer or none', async () => {
    const server = await startArchive(FILES);
    const archives = archivesOf(server, 'wayback');
    const [first, second] = [
      await archives.nearest('http://example.com/'),
      await archives.nearest('http://example.com/'),
    ];
    expect(await textOf(second)).toBe(await textOf(first));
    expect(server.asked).toHaveLength(2);
    await archives.nearest('http://example.com/none');
    await archives.nearest('http://example.com/none');
    expect(server.asked).toHaveLength(3);
  });

  it.each([
    ['429 with Retry-After', { status: 429, fields: { 'retry-after': '3600' } }],
    ['503 without', { status: 503 }],
  ])(
    'an archive that refuses (%s) is left alone, and has not said that there is nothing',
    async (_, refusal) => {
      const server = await startArchive(FILES);
      const archives = archivesOf(server, 'wayback');
      server.refusals.push(refusal);
      expect(await archives.nearest('http://example.com/')).toBeUndefined();
      expect(await archives.nearest('http://example.com/')).toBeUndefined();
      expect(server.asked).toHaveLength(1);
    },
  );

  it('where the pace leaves no turn before the deadline nothing is asked', async () => {
    const server = await startArchive(FILES);
    const archives = archivesOf(server, 'wayback', { rate: 1 });
    // The second request of the first question would be due in a minute.
    expect(await archives.nearest('http://example.com/', { patience: 500 })).toBeUndefined();
    expect(await archives.nearest('http://www.iana.org/', { patience: 500 })).toBeUndefined();
    expect(server.asked).toHaveLength(1);
  });

  it('an archive that answers with anything else gives nothing', async () => {
    const server = await startArchive(FILES);
    for (const kind of KINDS) {
      server.refusals.push({ status: 302, fields: { location: 'http://127.0.0.1:9/elsewhere' } });
      expect(await archivesOf(server, kind).nearest('http://example.com/')).toBeUndefined();
    }
  });
});
