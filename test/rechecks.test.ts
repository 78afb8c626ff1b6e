import { describe, expect, it } from 'vitest';
import { startRechecks } from '../src/rechecks.ts';
import { DAY, HOUR, honest, injected, staged } from './guard/staged.ts';
import { html } from './origin/answer.ts';

describe('rechecks', () => {
  it('revoke what passed and was only there for a while', async () => {
    const { crawl, pass, exported, stage, core } = await staged();
    await crawl(honest);
    await pass(DAY);
    const passed = await crawl(injected);
    expect(passed).toMatchObject({ verdict: 'clean', action: 'pass' });
    stage.answer = () => html(honest);
    await pass(10 * HOUR);
    const row = (await exported()).find(({ digest }) => digest.sha256 === passed.digest.sha256);
    expect(row).toMatchObject({ verdict: 'suspect', action: 'quarantine', url: passed.url });
    expect(row?.findings[0]).toMatchObject({ kind: 'frontrun.reverted', score: 0.9 });
    expect(
      row?.views.map(({ identity }) => identity).filter((name) => name === 'crawler@direct'),
    ).toHaveLength(2);
    expect(await core.store.verdicts.captures(row?.id ?? '')).toHaveLength(3);
    expect(await core.store.verifyLog()).toEqual({ entries: 3 });
  });

  it('tell once, and weakly where nothing earlier is known', async () => {
    const { crawl, pass, exported, stage } = await staged();
    const passed = await crawl(injected);
    stage.answer = () => html(honest);
    await pass(10 * HOUR);
    await pass(5 * DAY);
    const rows = await exported();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ action: 'pass', digest: passed.digest, log: 2 });
    expect(rows[0]?.findings[0]).toMatchObject({ kind: 'frontrun.reverted', score: 0.5 });
  });

  it('record nothing where the page stayed, grew, or cannot be reached', async () => {
    const { crawl, pass, exported, stage } = await staged();
    const { id } = await crawl(honest);
    await pass(10 * HOUR);
    stage.answer = () => html(honest, 503);
    await pass(5 * DAY);
    await crawl(honest);
    stage.answer = () => html(injected);
    await pass(10 * HOUR);
    const rows = await exported();
    expect(rows.map(({ findings }) => findings)).toEqual([[]]);
    expect(rows[0]?.id).not.toBe(id);
  });

  it('ask as the crawler did, without its credentials, and as one reference', async () => {
    const { crawl, pass, origin } = await staged();
    await crawl(honest);
    const before = origin.requests.length;
    await pass(10 * HOUR);
    const asked = origin.requests.slice(before);
    expect(asked).toHaveLength(2);
    const own = asked.filter(({ fields }) => fields.some(([, value]) => value === 'ExampleBot/1.0'));
    expect(own).toHaveLength(1);
    expect(asked.flatMap(({ fields }) => fields).some(([, value]) => value === 'secret=1')).toBe(false);
  });

  it('are still due after a restart', async () => {
    const { crawl, pass, restart, exported, stage } = await staged();
    await crawl(injected);
    stage.answer = () => html(honest);
    await restart();
    await pass(10 * HOUR);
    expect((await exported())[0]?.findings).toHaveLength(1);
  });

  it('leave what a person has decided as it is', async () => {
    const { crawl, pass, exported, stage, core } = await staged();
    const { id } = await crawl(injected);
    await core.store.verdicts.review(id, 'release', 'known', 'ada', new Date().toISOString());
    stage.answer = () => html(honest);
    await pass(10 * HOUR);
    expect((await exported()).map((row) => row.id)).toEqual([id]);
  });

  it('are none where the audit floor is 0, and none that waited for over a week', async () => {
    const none = await staged({ rate: 1, floor: 0 });
    await none.crawl(injected);
    const late = await staged();
    await late.crawl(injected);
    const asked = [none, late].map(({ origin }) => origin.requests.length);
    await none.pass(10 * HOUR);
    await late.pass(30 * DAY);
    expect([none, late].map(({ origin }) => origin.requests.length)).toEqual(asked);
  });
});

describe('the runner of rechecks', () => {
  it('works off what is due and ends when it is closed, leaving due what it broke off', async () => {
    const { crawl, exported, stage, core, pass, origin } = await staged();
    await crawl(injected);
    stage.answer = () => html(honest);
    stage.now += 10 * HOUR;
    const answering = Promise.withResolvers<void>();
    stage.held = answering.promise;
    const before = origin.requests.length;
    const runner = startRechecks(core, { idle: 10, pause: 1 });
    while (origin.requests.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
    await runner.close();
    answering.resolve();
    expect((await exported())[0]?.findings).toEqual([]);
    await pass(HOUR);
    expect((await exported())[0]?.findings).toHaveLength(1);
  });
});
