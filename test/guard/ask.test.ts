/** Whom an exchange asks, when, and what comes of it where they do not answer. */
import { describe, expect, it } from 'vitest';
import { exchangeOf } from '../../src/api/exchange.ts';
import {
  type Identity,
  identityOf,
  type Ports,
  type Ratio,
  type Turn,
  type Verdict,
} from '../../src/domain/index.ts';
import { createGuard, type GuardSettings } from '../../src/guard.ts';
import { challenge, html } from '../origin/answer.ts';
import { asks } from '../origin/asked.ts';
import { AGENT, forever, honest, injected, staged } from './staged.ts';

const isOwn = (asked: Parameters<typeof asks>[0]): boolean => asks(asked, 'user-agent') === AGENT;

/** A stage on which every draw is what the test says, and settings are its own. */
async function drawn(
  settings: (given: GuardSettings) => Partial<GuardSettings> = () => ({}),
  ports: (given: Ports) => Partial<Ports> = () => ({}),
) {
  const guarded = await staged();
  const { core, origin } = guarded;
  let draw: Ratio = 0;
  const guard = createGuard(
    { ...core.ports, ...ports(core.ports), sampler: { draw: () => draw } },
    { ...core.settings, ...settings(core.settings) },
  );
  return {
    ...guarded,
    asking: async (
      path: string,
      { at = 0, method = 'GET', url = origin.urls.http() } = {},
    ): Promise<Verdict> => {
      draw = at;
      const fields = [['User-Agent', AGENT]] as const;
      const exchange = {
        ...exchangeOf({
          id: core.ports.newId(),
          url: `${url}${path}`,
          fields,
          receivedAt: guarded.stage.now,
        }),
        method,
      };
      const delivery = await guard.judge(exchange, { stream: false, signal: forever });
      return (await delivery.judgement).verdict;
    },
  };
}

describe('references', () => {
  it('are asked beside the request of the crawler, and not after it', async () => {
    const { asking, stage, origin } = await drawn();
    const reference = Promise.withResolvers<void>();
    stage.answer = async (asked) => {
      // The crawler is answered once a reference has asked: one after the other would wait for ever.
      if (isOwn(asked)) await reference.promise;
      else reference.resolve();
      return html(honest);
    };
    expect(await asking('/a')).toMatchObject({ verdict: 'clean', quorum: '1/1' });
    expect(origin.requests).toHaveLength(2);
  });

  it('are two at once, and the crawler again, where the source has lied', async () => {
    const { asking, stage, origin } = await drawn();
    stage.answer = (asked) => html(isOwn(asked) ? injected : honest);
    expect(await asking('/a')).toMatchObject({ verdict: 'poisoned' });
    const before = origin.requests.length;
    const four = Promise.withResolvers<void>();
    stage.answer = async ({ asks: count }) => {
      if (count === 3) four.resolve();
      await four.promise;
      return html(honest);
    };
    expect(await asking('/b')).toMatchObject({ verdict: 'clean', quorum: '2/2' });
    expect(origin.requests.length - before).toBe(4);
  });

  const dead = ({ identities }: GuardSettings): Partial<GuardSettings> => ({
    identities: identities.map(
      ({ profile }): Identity =>
        identityOf(profile, {
          name: 'gone',
          group: 'gone',
          route: { via: 'proxy', url: 'http://127.0.0.1:1' },
        }),
    ),
  });

  it('that cannot be reached neither accuse nor clear', async () => {
    const { asking, stage } = await drawn(dead);
    stage.answer = (asked) => html(isOwn(asked) ? injected : honest);
    const verdict = await asking('/a');
    expect(verdict).toMatchObject({ verdict: 'unverified', action: 'pass', quorum: '0/0', findings: [] });
    expect(verdict.views.slice(1).map(({ evidence }) => evidence)).toEqual(['failed', 'failed']);
  });

  it('that are late neither accuse nor clear, and hold up no longer than the deadline', async () => {
    const { asking, stage } = await drawn(({ audit }) => ({ audit: { ...audit, deadline: 200 } }));
    stage.answer = async (asked) => {
      if (!isOwn(asked)) await new Promise(() => {});
      return html(injected);
    };
    const verdict = await asking('/a');
    expect(verdict).toMatchObject({ verdict: 'unverified', quorum: '0/0' });
    expect(verdict.views.at(-1)?.evidence).toBe('late');
  });

  it('that are challenged stand aside of the one that is not', async () => {
    const { asking, stage } = await drawn();
    stage.answer = (asked) =>
      asks(asked, 'user-agent').startsWith('curl') || isOwn(asked) ? html(honest) : challenge();
    const verdicts = await Promise.all([0.1, 0.5, 0.9].map((at) => asking(`/${at}`, { at })));
    for (const { verdict, quorum, views } of verdicts) {
      const voted = views.slice(1).some(({ evidence }) => evidence === 'usable');
      expect({ verdict, quorum }).toEqual(
        voted ? { verdict: 'clean', quorum: '1/1' } : { verdict: 'unverified', quorum: '0/0' },
      );
    }
  });
});

describe('every verdict', () => {
  it('has a quorum: of those who were asked, or of nobody', async () => {
    const { asking } = await drawn(({ audit }) => ({ audit: { ...audit, rate: 0.5 } }));
    expect((await asking('/a', { at: 0.1 })).quorum).toBe('1/1');
    expect((await asking('/a', { at: 0.9 })).quorum).toBe('0/0');
    expect((await asking('/a', { method: 'POST' })).quorum).toBe('0/0');
    expect((await asking('/a', { url: 'http://127.0.0.1:1' })).quorum).toBe('0/0');
  });
});

describe('a source that lies once', () => {
  it('is audited whatever the rate, and what it had passed comes out of the export revoked', async () => {
    const { asking, stage, exported } = await drawn(({ audit }) => ({ audit: { ...audit, rate: 0.5 } }));
    stage.answer = (asked) => html(isOwn(asked) ? injected : honest);
    const passed = await asking('/unaudited', { at: 0.9 });
    expect(passed).toMatchObject({ verdict: 'unverified', action: 'pass' });
    expect(await asking('/audited', { at: 0.1 })).toMatchObject({
      verdict: 'poisoned',
      quorum: expect.stringMatching(/^0/),
    });
    expect(await asking('/after', { at: 0.9 })).toMatchObject({ verdict: 'poisoned' });
    const row = (await exported()).find(({ url }) => url === passed.url);
    expect(row).toMatchObject({ id: passed.id, action: 'quarantine', revoked: true });
  });
});

describe('a source that is long known', () => {
  const turn: Turn = {
    at: '2026-11-20T00:00:00.000Z',
    marks: ['certificate', 'network'],
    corroborated: 4990,
  };
  const known = (turned: Turn | undefined) =>
    drawn(
      ({ audit }) => ({ audit: { ...audit, rate: 'adaptive', floor: 0.05 } }),
      ({ sources }) => ({
        sources: {
          ...sources,
          standing: async (host) => ({
            ...(await sources.standing(host)),
            exchanges: 5000,
            corroborated: 5000,
          }),
        },
        epochs: { registered: async () => undefined, turned: () => turned },
      }),
    );

  it('is audited at every exchange once others serve it, with or without a record', async () => {
    const [same, other] = [await known(undefined), await known(turn)];
    expect((await same.asking('/a', { at: 0.9 })).quorum).toBe('0/0');
    expect(await other.asking('/a', { at: 0.9 })).toMatchObject({ quorum: '1/1', findings: [] });
  });
});
