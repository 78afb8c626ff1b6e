import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { exchangeOf } from '../../src/api/exchange.ts';
import { loadConfig } from '../../src/config.ts';
import { openCore } from '../../src/core.ts';
import type { Verdict } from '../../src/domain/index.ts';
import { createGuard } from '../../src/guard.ts';
import { type Answer, type Handler, html } from '../origin/answer.ts';
import { type Asked, asks } from '../origin/asked.ts';
import { living } from '../origin/benign.ts';
import { article, render } from '../origin/pages.ts';
import { extraParagraph } from '../origin/payloads.ts';
import { chance } from '../origin/pictures.ts';
import { startOrigin } from '../origin/server.ts';

const truth = render(article(3));
const lied = extraParagraph(truth);
const AGENT = 'ExampleBot/1.0';

/** Judge the page at `/a` with every draw as given: below the share of second visits, or above it. */
async function judged(handler: Handler, draw: number): Promise<{ verdict: Verdict; references: Asked[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'foretaste-visit-'));
  const origin = await startOrigin({ '*': { '/a': handler } });
  const file = join(folder, 'foretaste.yaml');
  const destinations = { allow: ['127.0.0.0/8'] };
  await writeFile(file, stringify({ data: join(folder, 'data'), destinations, audit: { rate: 1 } }));
  const core = await openCore(loadConfig({ config: file }));
  onTestFinished(async () => {
    await core.close();
    await origin.close();
    await rm(folder, { recursive: true });
  });
  const guard = createGuard({ ...core.ports, sampler: { draw: () => draw } }, core.settings);
  const exchange = exchangeOf({
    id: core.ports.newId(),
    url: `${origin.urls.http()}/a`,
    fields: [['User-Agent', AGENT]],
    receivedAt: 0,
  });
  const { judgement } = await guard.judge(exchange, { stream: false, signal: new AbortController().signal });
  const { verdict } = await judgement;
  return { verdict, references: origin.requests.filter((asked) => asks(asked, 'user-agent') !== AGENT) };
}

const cookied = (markup: string, ...cookies: string[]): Answer => {
  const page = html(markup);
  return { ...page, fields: { ...page.fields, 'Set-Cookie': cookies[0] ?? 'id=1; Path=/' } };
};
const cookiesOf = (references: readonly Asked[]) => references.map((asked) => asks(asked, 'cookie'));

describe('references', () => {
  it('come by a link, and once where nobody gave them a cookie', async () => {
    const { references, verdict } = await judged(() => html(truth), 0);
    expect(references.map((asked) => asks(asked, 'referer'))).toEqual([
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
    ]);
    expect(verdict).toMatchObject({ verdict: 'clean', quorum: '1/1' });
  });

  it('come again with the cookie that they were given where it is drawn, and vote once all the same', async () => {
    const drawn = await judged(() => cookied(truth), 0.49);
    expect(cookiesOf(drawn.references)).toEqual(['', 'id=1']);
    expect(drawn.verdict).toMatchObject({ verdict: 'clean', quorum: '1/1' });
    expect(drawn.verdict.views).toHaveLength(3);
    const undrawn = await judged(() => cookied(truth), 0.51);
    expect(cookiesOf(undrawn.references)).toEqual(['']);
  });

  it('never bring the cookie of another identity', async () => {
    let given = 0;
    const { references } = await judged((asked) => {
      given += 1;
      return asks(asked, 'cookie') === '' ? cookied(lied, `id=${given}`) : html(truth);
    }, 0);
    const brought = references.filter((asked) => asks(asked, 'cookie') !== '');
    const agents = brought.map((asked) => asks(asked, 'user-agent'));
    expect(brought.length).toBeGreaterThanOrEqual(2);
    expect(new Set(cookiesOf(brought)).size).toBe(new Set(agents).size);
  });
});

describe('a lie to whoever brings no cookie', () => {
  const toNewcomers = (live: boolean): Handler => {
    const draw = chance(8);
    const now = (markup: string) => (live ? living(markup, draw) : markup);
    return (asked) => (asks(asked, 'cookie') === '' ? cookied(now(lied)) : html(now(truth)));
  };

  it.each([
    ['a still page', false],
    ['a page on which everything lives', true],
  ])('is found on %s when a reference comes again', async (_, live) => {
    const { verdict } = await judged(toNewcomers(live), 0);
    expect(verdict).toMatchObject({ verdict: 'poisoned', quorum: expect.stringMatching(/^0\//) });
    expect(verdict.views.length).toBeLessThanOrEqual(9);
  });

  it('is not seen when none does', async () => {
    expect((await judged(toNewcomers(false), 0.9)).verdict).toMatchObject({ verdict: 'clean' });
  });

  it('leaves what was agreed on where who comes again is refused', async () => {
    const handler: Handler = (asked) =>
      asks(asked, 'cookie') === '' ? cookied(truth) : html('<h1>403 Forbidden</h1>', 403);
    expect((await judged(handler, 0)).verdict).toMatchObject({ verdict: 'clean', quorum: '1/1' });
  });

  it('is none where only newcomers are asked for consent', async () => {
    const wall =
      '<div role="dialog"><p>We use cookies. Accept all cookies or manage your preferences.</p></div>';
    const handler: Handler = (asked) =>
      asks(asked, 'cookie') === '' ? cookied(truth.replace('</body>', `${wall}</body>`)) : html(truth);
    expect((await judged(handler, 0)).verdict).toMatchObject({ verdict: 'clean' });
  });
});
