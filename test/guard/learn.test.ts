/** The noise of a source: learnt from its first pages, cheaper on the next ones, and never a place to hide in. */
import { describe, expect, it } from 'vitest';
import { html } from '../origin/answer.ts';
import { asks } from '../origin/asked.ts';
import { LIES } from '../origin/lies.ts';
import { advertisements, busy, type Life, teasers } from '../origin/life.ts';
import { article, render } from '../origin/pages.ts';
import { chance } from '../origin/pictures.ts';
import { AGENT, staged } from './staged.ts';

const PROSE = [
  'Winter coats are half price until Sunday, and delivery inside the country costs nothing.',
  'Our new laptop starts in nine seconds and lasts through a whole day of lectures.',
  'Book a cabin on the night train to the coast and wake up beside the sea.',
  'Grandmother’s plum cake needs only five ingredients and an hour of patience.',
  'Insurance for cyclists: theft, breakage and a lift home when the chain snaps.',
  'Learn Portuguese in the evenings with small groups and native teachers.',
  'Hearing aids that nobody notices, fitted by an expert in your own living room.',
  'The museum of clocks opens its cellar to visitors for the first time.',
  'Garden furniture made of teak, oiled by hand, shipped flat and built in minutes.',
  'A bank account without fees, without branches and without a queue.',
  'Why volcanoes whisper before they wake: a geologist listens to stones.',
  'Mountain huts report fresh snow and free beds for skiers above two thousand metres.',
  'Dentists advise a softer brush; here are those that our readers liked best.',
  'Choir seeks tenors for Bach, rehearsals on Thursdays behind the town hall.',
  'An orchard of old apple sorts can be visited, tasted and adopted tree by tree.',
  'Retired engineers repair toasters for anybody who brings cake to the workshop.',
  'Electric vans at a monthly rate that undercuts diesel, tyres and tax included.',
  'The lighthouse keeper who writes letters to ships has answered his thousandth one.',
];

/** A news site whose pages all live in the same way; `lie` is told to the crawler. */
async function newsSite(life: Life) {
  const guarded = await staged();
  const draw = chance(4);
  const visit = async (number: number, lie = (markup: string): string | undefined => markup) => {
    const page = render(article(100 + number));
    const told = lie(page);
    if (told === undefined) throw new Error('Expected a page that can be lied on.');
    guarded.stage.answer = (asked) => {
      const moment = {
        draw,
        site: chance(7),
        visitor: chance(8),
        asks: asked.asks,
        isRobot: false,
        prose: PROSE,
        list: PROSE,
      };
      return html(life(asks(asked, 'user-agent') === AGENT ? told : page, moment));
    };
    const before = guarded.origin.requests.length;
    const { verdict } = await guarded.crawl(undefined, `/news/${number}`);
    return { verdict, refetches: guarded.origin.requests.length - before - 1 };
  };
  return { ...guarded, visit };
}

const LIVES: Readonly<Record<string, Life>> = {
  'rotating advertisements': advertisements,
  'teasers with prose': teasers,
  'everything at once': busy,
};

describe('the noise of a source', () => {
  for (const [name, life] of Object.entries(LIVES)) {
    it(`with ${name} is learnt from its first pages, so that the others cost one reference`, async () => {
      const { visit, restart } = await newsSite(life);
      const first = await visit(0);
      expect(first).toMatchObject({ verdict: 'clean' });
      expect(first.refetches).toBeGreaterThan(1);
      await visit(1);
      await visit(2);
      await restart();
      for (let number = 3; number < 8; number += 1)
        expect(await visit(number)).toEqual({ verdict: 'clean', refetches: 1 });
    });

    it(`with ${name} hides no lie in what had been still`, async () => {
      const { visit } = await newsSite(life);
      for (let number = 0; number < 4; number += 1) await visit(number);
      for (const [at, payload] of [
        'paragraph injected',
        'paragraph replaced',
        'one number',
        'one negation',
      ].entries()) {
        const lie = LIES[payload];
        const { verdict } = await visit(10 + at, (markup) => lie?.(markup, chance(5)));
        expect(verdict, payload).toMatch(/suspect|poisoned/);
      }
    });
  }
});
