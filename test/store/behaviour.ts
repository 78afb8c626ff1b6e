/** What a store promises, whatever engine it stands on. */
import { expect, it } from 'vitest';
import type { CaptureRecord, Verdict } from '../../src/domain/index.ts';
import type { Store } from '../../src/store/engine.ts';
import { keepsEpochs } from './epoch-behaviour.ts';
import { keepsRechecks } from './recheck-behaviour.ts';
import { digest, finding, lie, verdict } from './verdict.ts';

const AT = '2026-11-22T10:00:00.000Z';

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** `open` gives an empty store whose clock stands at `now`. */
export function aStore(open: (now: () => number) => Promise<Store>): void {
  const opened = async () => {
    let now = Date.parse(AT);
    const store = await open(() => now);
    return { ...store, later: (by: number) => (now += by) };
  };

  it('numbers verdicts from 1 without gaps, in the order of the log', async () => {
    const { verdicts, verifyLog, healthy, close } = await opened();
    const kept = await Promise.all(Array.from({ length: 30 }, () => verdicts.append(verdict(), [])));
    expect(kept.map(({ log }) => log)).toEqual(Array.from({ length: 30 }, (_, place) => place + 1));
    expect(await verifyLog()).toEqual({ entries: 30 });
    expect(await healthy()).toBe(true);
    await close();
    expect(await healthy()).toBe(false);
  });

  it('gives back what was appended, and the captures kept with it', async () => {
    const { verdicts, close } = await opened();
    const capture: CaptureRecord = {
      identity: 'crawler@direct',
      url: 'https://example.org/',
      status: 200,
      reason: 'OK',
      httpVersion: '1.1',
      fields: [
        ['Set-Cookie', 'a'],
        ['set-cookie', 'b\u00e9'],
      ],
      mediaType: 'text/html',
      sha256: 'a'.repeat(64),
      bytes: 3,
      startedAt: 1,
    };
    const given = lie({
      mediaType: 'text/\u0000"quoted"',
      views: [
        {
          identity: 'chrome-desktop@second',
          status: 200,
          sha256: 'b'.repeat(64),
          bytes: 1,
          ms: 84,
          evidence: 'usable',
        },
      ],
    });
    const kept = await verdicts.append(given, [capture]);
    expect(kept).toEqual({ ...given, review: null, log: 1 });
    expect(await verdicts.get(given.id)).toEqual(kept);
    expect(await verdicts.captures(given.id)).toEqual([capture]);
    expect(await verdicts.get('01J-none')).toBeUndefined();
    expect(await verdicts.captures('01J-none')).toEqual([]);
    await close();
  });

  it('refuses a second verdict of the same id and keeps those that came with it', async () => {
    const { verdicts, verifyLog, close } = await opened();
    const [first, other] = [verdict(), verdict()];
    await verdicts.append(first, []);
    const [again, beside] = await Promise.allSettled([
      verdicts.append(first, []),
      verdicts.append(other, []),
    ]);
    expect([again.status, beside.status]).toEqual(['rejected', 'fulfilled']);
    expect(await verifyLog()).toEqual({ entries: 2 });
    await close();
  });

  it('lists newest first by source, verdict, kind, URL and time', async () => {
    const { verdicts, close } = await opened();
    const [first, second, third] = [
      verdict({ decidedAt: '2026-11-22T09:00:00.000Z' }),
      lie({ source: 'other.example', findings: [finding('split-view.text'), finding('text.hidden')] }),
      verdict({ verdict: 'suspect', findings: [finding('text.injection')] }),
    ];
    for (const each of [first, second, third]) await verdicts.append(each, []);
    const ids = async (query: Parameters<typeof verdicts.list>[0]) =>
      (await verdicts.list(query)).items.map(({ id }) => id);
    expect(await ids({ limit: 10 })).toEqual([third.id, second.id, first.id]);
    expect(await ids({ limit: 10, source: 'other.example' })).toEqual([second.id]);
    expect(await ids({ limit: 10, verdict: ['suspect', 'poisoned'] })).toEqual([third.id, second.id]);
    expect(await ids({ limit: 10, kind: 'text.*' })).toEqual([third.id, second.id]);
    expect(await ids({ limit: 10, kind: 'split-view.text' })).toEqual([second.id]);
    expect(await ids({ limit: 10, kind: 'split-view.nothing' })).toEqual([]);
    expect(await ids({ limit: 10, url: first.url })).toEqual([first.id]);
    expect(await ids({ limit: 10, since: '2026-11-22T09:30:00.000Z' })).toEqual([third.id, second.id]);
    await close();
  });

  it('looks up the newest verdict of each URL in the order asked, however long the URL', async () => {
    const { verdicts, close } = await opened();
    const long = `https://example.org/${'p'.repeat(6000)}`;
    await verdicts.append(verdict({ url: long }), []);
    const [older, newer, longer] = [
      verdict({ url: 'https://example.org/a' }),
      verdict({ url: 'https://example.org/a' }),
      verdict({ url: `${long}?` }),
    ];
    for (const each of [older, newer, longer]) await verdicts.append(each, []);
    const found = await verdicts.lookup([`${long}?`, 'https://example.org/never', 'https://example.org/a']);
    expect(found.map((each) => each?.id)).toEqual([longer.id, undefined, newer.id]);
    await close();
  });

  it.each([
    ['suspect', 'quarantine', 'confirm', 'block'],
    ['poisoned', 'block', 'confirm', 'block'],
    ['unverified', 'pass', 'confirm', 'pass'],
    ['suspect', 'quarantine', 'dismiss', 'pass'],
    ['poisoned', 'block', 'release', 'pass'],
  ] as const)(
    'a %s verdict with action %s, when people %s it, has the action %s',
    async (name, action, decision, then) => {
      const { verdicts, close } = await opened();
      const { id } = await verdicts.append(verdict({ verdict: name, action }), []);
      const reviewed = await verdicts.review(id, decision, 'seen', 'ada', AT);
      expect(reviewed).toMatchObject({ verdict: name, action: then, review: { decision, reviewer: 'ada' } });
      expect(await verdicts.get(id)).toEqual(reviewed);
      await close();
    },
  );

  it('keeps every review in the same chain; the newest counts', async () => {
    const { verdicts, verifyLog, close } = await opened();
    const { id } = await verdicts.append(lie(), []);
    const decisions = ['dismiss', 'confirm', 'release'] as const;
    await Promise.all(decisions.map((decision) => verdicts.review(id, decision, '', 'ada', AT)));
    const reviews = await verdicts.reviews(id);
    expect(reviews.map(({ decision }) => decision).toSorted()).toEqual(decisions.toSorted());
    expect((await verdicts.get(id))?.review).toEqual(reviews.at(-1));
    expect(await verifyLog()).toEqual({ entries: 4 });
    await expect(verdicts.review('01J-none', 'confirm', '', 'ada', AT)).rejects.toMatchObject({
      code: 'not-found',
    });
    await close();
  });

  it('exports one row per URL and digest, the newest', async () => {
    const { verdicts, close } = await opened();
    const url = 'https://example.org/a';
    await verdicts.append(verdict({ url }), []);
    const changed = await verdicts.append(verdict({ url, digest: digest('b') }), []);
    const again = await verdicts.append(verdict({ url, verdict: 'clean', quorum: '1/1' }), []);
    const rows = await collect(verdicts.export({}));
    expect(rows.map(({ id }) => id)).toEqual([changed.id, again.id]);
    expect(await collect(verdicts.export({ verdict: ['clean'] }))).toEqual([again]);
    await close();
  });

  it('revokes what a source passed before its lie, except what a snapshot record matched', async () => {
    const { verdicts, close } = await opened();
    const snapshot = { status: 'same', dataset: 'cc', date: null } as const;
    const passed = await verdicts.append(verdict({ verdict: 'clean', quorum: '2/2' }), []);
    const recorded = await verdicts.append(verdict({ verdict: 'clean', snapshot }), []);
    const elsewhere = await verdicts.append(verdict({ source: 'honest.example' }), []);
    const caught = await verdicts.append(lie(), []);
    const afterwards = await verdicts.append(verdict({ verdict: 'clean', quorum: '3/3' }), []);
    const fate = (rows: Verdict[]) => rows.map(({ id, action, revoked }) => [id, action, revoked]);
    const rows = await collect(verdicts.export({}));
    expect(fate(rows)).toEqual([
      [passed.id, 'quarantine', true],
      [recorded.id, 'pass', undefined],
      [elsewhere.id, 'pass', undefined],
      [caught.id, 'block', undefined],
      [afterwards.id, 'pass', undefined],
    ]);
    await verdicts.review(passed.id, 'release', '', 'ada', AT);
    expect(await verdicts.get(passed.id)).toMatchObject({ action: 'pass' });
    await close();
  });

  it('gives back what was revoked when the divergence is dismissed', async () => {
    const { verdicts, sources, close } = await opened();
    const passed = await verdicts.append(verdict(), []);
    const caught = await verdicts.append(lie(), []);
    expect(await sources.standing('example.org')).toMatchObject({ confirmed: true, divergences: 1 });
    expect(await verdicts.get(passed.id)).toMatchObject({ action: 'quarantine', revoked: true });
    await verdicts.review(caught.id, 'dismiss', 'a consent banner', 'ada', AT);
    expect(await verdicts.get(passed.id)).toEqual(passed);
    expect(await sources.standing('example.org')).toMatchObject({ confirmed: false, divergences: 0 });
    await verdicts.review(caught.id, 'confirm', 'it was none', 'ada', AT);
    expect(await sources.standing('example.org')).toMatchObject({ confirmed: true, divergences: 1 });
    await close();
  });

  it('shows a consumer that asks since its last export what was reviewed and revoked in between', async () => {
    const { verdicts, later, close } = await opened();
    const [reviewed, , revoked] = [
      await verdicts.append(verdict({ verdict: 'suspect', action: 'quarantine', source: 'a.example' }), []),
      await verdicts.append(verdict({ source: 'a.example' }), []),
      await verdicts.append(verdict(), []),
    ];
    const since = new Date(later(60_000)).toISOString();
    expect(await collect(verdicts.export({ since }))).toEqual([]);
    const at = new Date(later(1)).toISOString();
    await verdicts.review(reviewed.id, 'confirm', '', 'ada', at);
    const caught = await verdicts.append(lie(), []);
    const rows = await collect(verdicts.export({ since }));
    expect(rows.map(({ id, action }) => [id, action])).toEqual([
      [reviewed.id, 'block'],
      [revoked.id, 'quarantine'],
      [caught.id, 'block'],
    ]);
    await close();
  });

  it('keeps the standing of a source by host and by registrable domain', async () => {
    const { verdicts, sources, close } = await opened();
    await verdicts.append(verdict({ source: 'a.example.co.uk', quorum: '1/2', verdict: 'clean' }), []);
    await verdicts.append(lie({ source: 'b.example.co.uk' }), []);
    expect(await sources.standing('a.example.co.uk')).toEqual({
      host: 'a.example.co.uk',
      registrableDomain: 'example.co.uk',
      exchanges: 1,
      corroborated: 1,
      divergences: 0,
      confirmed: true,
    });
    expect(await sources.get('b.example.co.uk')).toMatchObject({ divergenceRate: 1, actions: { block: 1 } });
    expect(await sources.get('example.co.uk')).toMatchObject({ exchanges: 2, divergenceRate: 0.5 });
    expect(await sources.standing('never.example')).toMatchObject({ exchanges: 0, confirmed: false });
    expect(await sources.get('never.example')).toBeUndefined();
    await close();
  });

  it('lets people hold a source to be lying, and clear it', async () => {
    const { verdicts, sources, verifyLog, close } = await opened();
    const passed = await verdicts.append(verdict(), []);
    await sources.review('example.org', 'confirm', 'sold in March', 'ada', AT);
    expect(await verdicts.get(passed.id)).toMatchObject({ action: 'quarantine' });
    expect(await sources.standing('www.example.org')).toMatchObject({ confirmed: true });
    await sources.review('example.org', 'dismiss', 'back with its owner', 'ada', AT);
    expect(await verdicts.get(passed.id)).toEqual(passed);
    expect(await sources.standing('www.example.org')).toMatchObject({ confirmed: false });
    expect((await sources.reviews('example.org')).map(({ decision }) => decision)).toEqual([
      'confirm',
      'dismiss',
    ]);
    expect(await verifyLog()).toEqual({ entries: 3 });
    await expect(sources.review('never.example', 'confirm', '', 'ada', AT)).rejects.toMatchObject({
      code: 'not-found',
    });
    await close();
  });

  it('lists sources by divergence and by time', async () => {
    const { verdicts, sources, close } = await opened();
    await verdicts.append(verdict({ source: 'still.example', decidedAt: '2026-11-22T12:00:00.000Z' }), []);
    await verdicts.append(lie({ source: 'lying.example' }), []);
    await verdicts.append(lie({ source: 'half.example' }), []);
    await verdicts.append(verdict({ source: 'half.example' }), []);
    const hosts = async (order: 'divergence' | 'recent') => {
      const page = await sources.list({ limit: 2, order });
      const rest = await sources.list({ limit: 2, order, cursor: page.next });
      expect(rest.next).toBeUndefined();
      return [...page.items, ...rest.items].map(({ host }) => host);
    };
    expect(await hosts('divergence')).toEqual(['lying.example', 'half.example', 'still.example']);
    expect((await hosts('recent'))[0]).toBe('still.example');
    await expect(sources.list({ limit: 2, order: 'recent', cursor: 'x' })).rejects.toMatchObject({
      where: 'cursor',
    });
    await close();
  });

  it('remembers what was learnt of noise', async () => {
    const { sources, close } = await opened();
    const band = { source: 'example.org', template: '/news/{n}', volatile: ['a'], pages: 1 };
    await sources.learn(band);
    await sources.learn({ ...band, volatile: ['a', 'b'], pages: 2 });
    expect(await sources.noise('example.org', '/news/{n}')).toEqual({
      ...band,
      volatile: ['a', 'b'],
      pages: 2,
    });
    expect(await sources.noise('example.org', '/')).toBeUndefined();
    await close();
  });

  keepsRechecks(open);
  keepsEpochs(open);
}
