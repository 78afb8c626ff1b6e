import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type OpenIndex, openIndex } from '../../src/snapshot/store.ts';
import { serveFolder } from './static-server.ts';
import { type Workplace, workplace } from './temporary.ts';

const COUNT = 3000;
const urlOf = (at: number): string => `https://example.org/${at}.jpg`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const lines = Array.from({ length: COUNT }, (_, at) =>
  JSON.stringify({ url: urlOf(at), sha256: sha256(urlOf(at)), caption: `Picture ${at}` }),
).join('\n');

/** An index that was built elsewhere, in `<dir>/index`. */
async function built(place: Workplace): Promise<string> {
  await place.import([await place.write('set.jsonl', lines)]);
  return join(place.dir, 'index');
}

const open = (place: Workplace, also: string, onProblem?: (problem: unknown) => void): Promise<OpenIndex> =>
  openIndex(join(place.dir, 'own'), { also: [also], ...(onProblem === undefined ? {} : { onProblem }) });

describe('an index behind a web server', () => {
  it('gives what the folder gives, and a miss asks nobody', async () => {
    await using place = await workplace();
    await using server = await serveFolder(await built(place));
    const index = await open(place, `${server.url}/`);
    const urls = Array.from({ length: 500 }, (_, at) => urlOf(at * 6));
    expect(await index.findAll(urls)).toEqual(await (await place.index()).findAll(urls));
    const before = server.asked.length;
    await index.findAll(urls);
    await index.find('https://example.org/none.jpg');
    expect(server.asked.length).toBe(before);
    expect(server.asked.filter(([path, range]) => path !== '/manifest.json' && range === undefined)).toEqual(
      [],
    );
    await index.close();
  });

  it('stands beside the own one, whose records come too', async () => {
    await using place = await workplace();
    await using server = await serveFolder(await built(place));
    const own = await place.write('own.jsonl', JSON.stringify({ url: urlOf(1), md5: '0'.repeat(32) }));
    await place.import([own], { dir: join(place.dir, 'own') });
    const index = await open(place, server.url);
    expect((await index.find(urlOf(1))).map(({ dataset }) => dataset).sort()).toEqual(['own', 'set']);
    expect((await index.datasets()).map(({ dataset, records }) => [dataset, records])).toEqual([
      ['own', 1],
      ['set', COUNT],
    ]);
    await index.close();
  });

  it('is asked with the name and password of its URL', async () => {
    await using place = await workplace();
    const authorization = `Basic ${Buffer.from('fleet:p w').toString('base64')}`;
    await using server = await serveFolder(await built(place), { authorization });
    const index = await open(place, server.url.replace('//', '//fleet:p%20w@'));
    expect(await index.find(urlOf(7))).toHaveLength(1);
    await index.close();
    await expect(open(place, server.url)).rejects.toThrow(/Expected an index but received status 401 from/);
  });

  it('that goes away afterwards has nothing to say, and says so', async () => {
    await using place = await workplace();
    const problems: unknown[] = [];
    const server = await serveFolder(await built(place));
    const index = await open(place, server.url, (problem) => problems.push(problem));
    await server[Symbol.asyncDispose]();
    expect(await index.find(urlOf(1))).toEqual([]);
    expect(problems).toMatchObject([
      { code: 'store', message: expect.stringContaining('Expected an answer') },
    ]);
    await index.close();
  });

  it.each([
    ['nothing there', { empty: true }, /received status 404 from http.*manifest\.json/],
    [
      'a server without ranges',
      { ranges: false },
      /Expected status 206 for a Range request but received 200/,
    ],
    ['an index of a later version', { version: 2 }, /Expected an index of version 1 but found 2/],
    ['a segment that was cut', { cut: true }, /Expected a whole segment of version 1 but found the end/],
  ] as const)('%s is refused by name', async (_, fault, message) => {
    await using place = await workplace();
    const dir = 'empty' in fault ? join(place.dir, 'nothing') : await built(place);
    await mkdir(dir, { recursive: true });
    if ('version' in fault) await writeFile(join(dir, 'manifest.json'), JSON.stringify({ version: 2 }));
    if ('cut' in fault) await cutSegment(dir);
    await using server = await serveFolder(dir, { ranges: !('ranges' in fault) });
    await expect(open(place, server.url)).rejects.toThrow(message);
  });
});

async function cutSegment(dir: string): Promise<void> {
  const names = await readdir(join(dir, 'segments'));
  const segment = join(dir, 'segments', names.find((name) => name.endsWith('.seg')) ?? '');
  await truncate(segment, (await readFile(segment)).length - 100);
}

describe('a further folder', () => {
  it('is read beside the own one', async () => {
    await using place = await workplace();
    const index = await open(place, await built(place));
    expect(await index.find(urlOf(1))).toHaveLength(1);
    await index.close();
  });

  it('that was cut while it was copied, or is none, is refused by name', async () => {
    await using place = await workplace();
    await expect(open(place, join(place.dir, 'none'))).rejects.toThrow(
      /Expected an index with manifest\.json/,
    );
    const dir = await built(place);
    await cutSegment(dir);
    await expect(open(place, dir)).rejects.toThrow(/Expected a whole segment of version 1 .* in .*\.seg/);
  });
});
