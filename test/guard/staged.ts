/** A guard on a store that outlives it, before a page that changes with time; the clock is the test's own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { exchangeOf } from '../../src/api/exchange.ts';
import { loadConfig } from '../../src/config.ts';
import { type Core, openCore } from '../../src/core.ts';
import type { Milliseconds, Verdict } from '../../src/domain/index.ts';
import { createGuard } from '../../src/guard.ts';
import { recheckNext } from '../../src/rechecks.ts';
import { type Answer, html } from '../origin/answer.ts';
import type { Asked } from '../origin/asked.ts';
import { article, render } from '../origin/pages.ts';
import { type Origin, startOrigin } from '../origin/server.ts';

export const HOUR: Milliseconds = 3_600_000;
export const DAY = 24 * HOUR;
export const forever = new AbortController().signal;
export const AGENT = 'ExampleBot/1.0';

export const honest = render(article(3));
export const CLAIM =
  'Drinking sea water in small amounts strengthens the kidneys, as sailors have always known.';
export const injected = honest.replace('</article>', `<p>${CLAIM}</p></article>`);

/** What stands at every path, and when it is. */
export interface Stage {
  now: Milliseconds;
  answer: (asked: Asked) => Answer | Promise<Answer>;
  /** Answers wait for it. */
  held: Promise<void>;
}

export async function staged(audit: object = { rate: 1, floor: 1 }) {
  const folder = await mkdtemp(join(tmpdir(), 'foretaste-rechecks-'));
  const stage: Stage = { now: Date.now(), answer: () => html(honest), held: Promise.resolve() };
  const origin: Origin = await startOrigin({
    '*': {
      '/*': async (asked) => {
        await stage.held;
        return stage.answer(asked);
      },
    },
  });
  const file = join(folder, 'foretaste.yaml');
  const destinations = { allow: ['127.0.0.0/8'] };
  await writeFile(file, stringify({ data: join(folder, 'data'), destinations, audit }));
  const open = async (): Promise<Core> => {
    const core = await openCore(loadConfig({ config: file }));
    const ports = { ...core.ports, clock: () => stage.now };
    return { ...core, ports, guard: createGuard(ports, core.settings) };
  };
  let core = await open();
  onTestFinished(async () => {
    await core.close();
    await origin.close();
    await rm(folder, { recursive: true });
  });
  return {
    stage,
    origin,
    get core() {
      return core;
    },
    /** The crawler asks for `path`; given markup, that is what stands there from now on. */
    crawl: async (markup?: string, path = '/a'): Promise<Verdict> => {
      if (markup !== undefined) stage.answer = () => html(markup);
      const fields = [
        ['User-Agent', AGENT],
        ['Cookie', 'secret=1'],
      ] as const;
      const exchange = exchangeOf({
        id: core.ports.newId(),
        url: `${origin.urls.http()}${path}`,
        fields,
        receivedAt: stage.now,
      });
      const { judgement } = await core.guard.judge(exchange, { stream: false, signal: forever });
      return (await judgement).verdict;
    },
    /** Lets `by` pass and runs everything that came due. */
    pass: async (by: Milliseconds) => {
      stage.now += by;
      while (await recheckNext(core, forever));
    },
    restart: async () => {
      await core.close();
      core = await open();
    },
    exported: async (): Promise<Verdict[]> => {
      const rows: Verdict[] = [];
      for await (const row of core.store.verdicts.export({})) rows.push(row);
      return rows;
    },
  };
}
