import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportVerdicts } from '../../src/commands/export.ts';
import { releaseByRule } from '../../src/commands/release.ts';
import { importSnapshots } from '../../src/commands/snapshot.ts';
import { loadConfig } from '../../src/config.ts';
import { PARAGRAPHS, page } from '../compare/views.ts';
import { type Guarded, startGuarded } from '../guarded.ts';
import { html, lie } from '../origin/answer.ts';
import { robots } from '../origin/selectors.ts';

const truth = page();
const falsehood = page([
  ...PARAGRAPHS,
  'Contrary to earlier reports, the treaty was never signed, and the minister resigned the same evening.',
]);
const sha256 = createHash('sha256').update(truth).digest('hex');

/** A source that told the truth twice, and then was found lying: what it passed before is withheld. */
describe('content that is withheld for its source', () => {
  let guarded: Guarded;
  let ids: Record<string, string>;
  beforeAll(async () => {
    guarded = await startGuarded({
      '*': {
        '/recorded': () => html(truth),
        '/other': () => html(truth),
        '/lie': lie(robots, html(falsehood), html(truth)),
      },
    });
    const id = async (path: string): Promise<string> => (await guarded.ask(path)).verdict?.id ?? '';
    ids = { recorded: await id('/recorded'), other: await id('/other'), lie: await id('/lie') };
    const file = join(guarded.folder, 'records.jsonl');
    await writeFile(file, JSON.stringify({ url: `${guarded.origin.urls.http()}/recorded`, sha256 }));
    const data = join(guarded.folder, 'data');
    await importSnapshots(loadConfig({ data }), [file], { dataset: 'set', format: 'auto' }, () => undefined);
  });
  afterAll(() => guarded.close());

  const call = async (path: string, json?: unknown) =>
    fetch(`${guarded.node.apiUrl}${path}`, {
      ...(json === undefined
        ? {}
        : { method: 'POST', body: JSON.stringify(json), headers: { 'Content-Type': 'application/json' } }),
    });
  const order = { rule: 'release/recorded-content', dryRun: true };

  it('is let go by rule where a record that came later proves it; a dry run only says so', async () => {
    expect(await (await call(`/v1/verdicts/${ids['recorded']}`)).json()).toMatchObject({
      action: 'quarantine',
      revoked: true,
    });
    const said = await (await call('/v1/releases', order)).json();
    expect(said).toMatchObject({
      examined: 2,
      released: 1,
      more: false,
      items: [{ id: ids['recorded'], snapshot: 'same', dataset: 'set', kinds: [] }],
    });
    expect(await (await call(`/v1/verdicts/${ids['recorded']}`)).json()).toMatchObject({ review: null });
  });

  it('the page shows the same, and says what a filter does not mean', async () => {
    const shown = await (await call('/release?rule=release%2Frecorded-content')).text();
    expect(shown).toContain('1 verdict of 2 quarantined');
    expect(shown).toContain('the recorded bytes by <bdi>set</bdi>');
    expect((await call('/release?rule=release%2Frecorded-content&q=colour%3Ared')).status).toBe(400);
  });

  it.each([
    [{ ...order, rule: 'release/none' }, 'Expected one of release/recorded-content'],
    [{ ...order, filter: 'colour:red' }, 'Expected one of host'],
  ])('%j is refused', async (wrong, message) => {
    const response = await call('/v1/releases', wrong);
    expect([response.status, ((await response.json()) as { detail: string }).detail]).toEqual([
      400,
      expect.stringContaining(message),
    ]);
  });

  it('a filter narrows what is looked at', async () => {
    expect(await (await call('/v1/releases', { ...order, filter: 'url:/other' })).json()).toMatchObject({
      examined: 1,
      released: 0,
    });
  });

  it('the command lets it go with a review that names the rule, and export says so', async () => {
    const lines: string[] = [];
    const config = loadConfig({ config: join(guarded.folder, 'foretaste.yaml') });
    const options = { rule: order.rule, filter: '', note: 'checked', reviewer: 'ada' };
    await releaseByRule(config, { ...options, dryRun: true }, (line) => lines.push(line));
    await releaseByRule(config, options, (line) => lines.push(line));
    await releaseByRule(config, options, (line) => lines.push(line));
    expect(lines.filter((line) => !line.includes('\t'))).toEqual([
      'would release 1 of 2 quarantined',
      'released 1 of 2 quarantined',
      'released 0 of 1 quarantined',
    ]);
    expect(await (await call(`/v1/verdicts/${ids['recorded']}`)).json()).toMatchObject({
      action: 'pass',
      review: {
        decision: 'release',
        reviewer: 'ada',
        note: 'release/recorded-content@1: same to set. checked',
      },
    });
    const out = join(guarded.folder, 'list.jsonl');
    await exportVerdicts(config, { format: 'jsonl', out });
    const rows = (await readFile(out, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(Object.fromEntries(rows.map(({ id, action, reviewed }) => [id, [action, reviewed]]))).toEqual({
      [ids['recorded'] ?? '']: ['pass', 'release'],
      [ids['other'] ?? '']: ['quarantine', 'revoked'],
      [ids['lie'] ?? '']: ['block', null],
    });
  });
});
