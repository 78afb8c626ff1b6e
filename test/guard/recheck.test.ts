/** Lies to everybody that end: what nobody can see at once shows later. */
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/domain/index.ts';
import { html, json, png } from '../origin/answer.ts';
import { picture } from '../origin/pictures.ts';
import { DAY, HOUR, honest, injected, staged } from './staged.ts';

const found = (rows: readonly Verdict[], passed: Verdict): Verdict | undefined =>
  rows.find(({ digest }) => digest.sha256 === passed.digest.sha256);
const REVERTED = { verdict: 'suspect', action: 'quarantine' };

describe('a lie to everybody', () => {
  it.each([
    ['for an hour', HOUR],
    ['for six hours', 6 * HOUR],
    ['for two days', 2 * DAY],
  ])('%s is found after it has ended', async (_, length) => {
    const { crawl, pass, exported, stage } = await staged();
    await crawl();
    await pass(DAY);
    const [from, until] = [stage.now, stage.now + length];
    stage.answer = () => html(stage.now >= from && stage.now <= until ? injected : honest);
    const passed = await crawl();
    expect(passed).toMatchObject({ verdict: 'clean', action: 'pass', quorum: '1/1' });
    await pass(10 * HOUR);
    await pass(5 * DAY);
    expect(found(await exported(), passed)).toMatchObject(REVERTED);
  });

  it('for some of all requests is found after they have been counted', async () => {
    const { crawl, pass, exported, origin, stage } = await staged();
    await crawl();
    await pass(DAY);
    const before = origin.requests.length;
    stage.answer = ({ asks: count }) => html(count < before + 3 ? injected : honest);
    const passed = await crawl();
    expect(passed).toMatchObject({ verdict: 'clean', action: 'pass' });
    // The first recheck still gets the last of them, and says nothing where the crawler and a reference part.
    await pass(10 * HOUR);
    await pass(5 * DAY);
    expect(found(await exported(), passed)).toMatchObject(REVERTED);
  });
});

describe('a recheck', () => {
  it('finds a picture that was another one for a while', async () => {
    const { crawl, pass, exported, stage } = await staged();
    const [cat, dog] = [await picture(11, 160, 120), await picture(12, 160, 120)];
    stage.answer = () => png(cat);
    await crawl();
    await pass(DAY);
    stage.answer = () => png(dog);
    const passed = await crawl();
    expect(passed.action).toBe('pass');
    stage.answer = () => png(cat);
    await pass(10 * HOUR);
    const row = found(await exported(), passed);
    expect(row).toMatchObject(REVERTED);
    expect(row?.findings[0]).toMatchObject({
      kind: 'frontrun.reverted',
      summary: expect.stringContaining('a picture'),
    });
  });

  it('finds data that said something else for a while, and is silent of its figures', async () => {
    const { crawl, pass, exported, stage } = await staged();
    const told = (summary: string, stock: number) => () =>
      json({ title: 'The river', summary, source: 'A survey of the valley', stock });
    const [true_, false_] = [
      'It runs south for three hundred kilometres.',
      'It was poisoned and must not be drunk from.',
    ];
    stage.answer = told(true_, 7);
    await crawl();
    await pass(DAY);
    stage.answer = told(true_, 3);
    const figures = await crawl();
    await pass(DAY);
    stage.answer = told(false_, 4);
    const lied = await crawl();
    stage.answer = told(true_, 7);
    await pass(5 * DAY);
    const rows = await exported();
    expect(found(rows, lied)).toMatchObject(REVERTED);
    expect(found(rows, figures)).toMatchObject({ action: 'pass', findings: [] });
  });
});
