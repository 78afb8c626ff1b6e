import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { WARCRecord, WARCSerializer } from 'warcio';
import { importSnapshots } from '../../src/commands/snapshot.ts';
import { loadConfig } from '../../src/config.ts';
import { PARAGRAPHS, page } from '../compare/views.ts';
import { type Answered, startGuarded } from '../guarded.ts';
import { type Answer, html, png } from '../origin/answer.ts';
import { perturb, picture } from '../origin/pictures.ts';
import { startArchive } from '../snapshot/archive/server.ts';

const truth = await picture(1, 256);
const recoded = await sharp(truth).jpeg({ quality: 85 }).toBuffer();
const perturbed = await perturb(truth, 16 / 255, 3);

interface Case {
  /** What the origin serves now, to everybody. */
  readonly now: Answer;
  /** What the archive captured when the dataset was made. */
  readonly before: { readonly type: string; readonly body: Uint8Array | string };
  readonly rate?: number;
}

/** One exchange whose URL a dataset recorded with a digest that does not match any more. */
async function exchange({ now, before, rate = 6000 }: Case): Promise<Answered & { kept: readonly string[] }> {
  const archive = await startArchive([]);
  const settings = {
    audit: { rate: 1 },
    archives: [{ name: 'local', kind: 'wayback', url: `${archive.url}/web/`, rate }],
  };
  const guarded = await startGuarded({ '*': { '/a': () => now } }, settings, async (folder, origin) => {
    const url = `${origin.urls.http()}/a`;
    const record = WARCRecord.create(
      {
        url,
        date: '2022-05-02T00:00:00Z',
        type: 'response',
        statusline: 'HTTP/1.1 200 OK',
        httpHeaders: { 'Content-Type': before.type },
      },
      [Buffer.from(before.body)],
    );
    await writeFile(join(folder, 'then.warc.gz'), await WARCSerializer.serialize(record, { gzip: true }));
    await archive.add(join(folder, 'then.warc.gz'));
    const listed = {
      url,
      date: '2022-05-01T00:00:00.000Z',
      digests: [{ alg: 'sha256', value: 'ab'.repeat(32), scope: 'entity' }],
    };
    await writeFile(join(folder, 'records.jsonl'), JSON.stringify(listed));
    await importSnapshots(
      loadConfig({ data: join(folder, 'data') }),
      [join(folder, 'records.jsonl')],
      { dataset: 'set', format: 'auto' },
      () => undefined,
    );
  });
  try {
    const answered = await guarded.ask('/a');
    const captures = await guarded.node.core.store.verdicts.captures(answered.verdict?.id ?? '');
    return { ...answered, kept: captures.map(({ identity }) => identity) };
  } finally {
    await guarded.close();
  }
}

describe('an archive beside a record that does not match', () => {
  it('a page that reads as it did is similar; the archived capture is kept, listed, and has no vote', async () => {
    const { verdict, kept } = await exchange({
      now: html(page(PARAGRAPHS, { before: '<!-- built today -->', after: '' })),
      before: { type: 'text/html', body: page() },
    });
    expect(verdict).toMatchObject({
      verdict: 'clean',
      snapshot: { status: 'similar', dataset: 'set' },
      findings: [],
    });
    expect(verdict?.views.at(-1)).toMatchObject({
      identity: 'archive@local',
      evidence: 'usable',
      status: 200,
    });
    expect(verdict?.quorum).toBe('1/1');
    expect(kept).toContain('archive@local');
  });

  it('a page with other text stays changed', async () => {
    const other = PARAGRAPHS.map((text) => text.split(' ').reverse().join(' '));
    const { verdict } = await exchange({
      now: html(page(other)),
      before: { type: 'text/html', body: page() },
    });
    expect(verdict).toMatchObject({ verdict: 'clean', snapshot: { status: 'changed' } });
    expect(verdict?.findings.map(({ kind, rule }) => [kind, rule])).toEqual([
      ['snapshot.changed', 'snapshot/archived@1'],
    ]);
  });

  it('a picture that was recoded is similar', async () => {
    const { verdict } = await exchange({ now: png(truth), before: { type: 'image/jpeg', body: recoded } });
    expect(verdict).toMatchObject({ action: 'pass', snapshot: { status: 'similar' } });
  });

  it('a perturbation that everybody gets now is found beside the archived copy', async () => {
    const { verdict } = await exchange({ now: png(perturbed), before: { type: 'image/png', body: truth } });
    expect(verdict?.findings.map(({ kind }) => kind)).toContain('image.pair-residual');
    expect(verdict).toMatchObject({ action: 'quarantine', snapshot: { status: 'similar' } });
  });

  it('an archive whose rate is spent is not waited for', async () => {
    const { verdict } = await exchange({
      now: html(page()),
      before: { type: 'text/html', body: page() },
      rate: 1,
    });
    expect(verdict).toMatchObject({ verdict: 'clean', snapshot: { status: 'changed' } });
  });
});
