import { describe, expect, it } from 'vitest';
import { CRAWLER, type Finding, type View } from '../../src/domain/index.ts';
import { revertedFinding } from '../../src/guard/reverted.ts';
import { createDecoder } from '../../src/view/decoder.ts';
import { valuesOf } from '../../src/view/json.ts';
import { rules, view } from '../compare/views.ts';
import { CHURN, living } from '../origin/benign.ts';
import { BENIGN } from '../origin/edits.ts';
import { LIES } from '../origin/lies.ts';
import { LIVING } from '../origin/life.ts';
import { article, render } from '../origin/pages.ts';
import { chance, picture } from '../origin/pictures.ts';

const page = article(3);
const honest = render(page);
const CLAIM = 'Drinking sea water in small amounts strengthens the kidneys, as sailors have always known.';
const injected = honest.replace('</article>', `<p>${CLAIM}</p></article>`);

interface Course {
  before?: readonly string[];
  seen: string;
  now: string;
  later?: string;
  asRecorded?: boolean;
}

const found = ({ before = [], seen, now, later = now, asRecorded = false }: Course): Finding | undefined =>
  revertedFinding({
    seen: view(seen),
    at: '2026-11-22T09:30:00.000Z',
    now: [view(now), view(later, 'chrome-desktop@second')],
    before: before.map((markup) => view(markup)),
    asRecorded,
    rules,
  });

describe('content that was only there for a while', () => {
  it('is found where earlier captures lacked it, and says what went', () => {
    const finding = found({ before: [honest], seen: injected, now: honest });
    expect(finding).toMatchObject({ kind: 'frontrun.reverted', severity: 'high', score: 0.9 });
    expect(finding?.evidence['gone']).toEqual([expect.objectContaining({ crawler: CLAIM })]);
  });

  it('is a weak signal where nothing earlier is known, and says so', () => {
    const finding = found({ seen: injected, now: honest });
    expect(finding).toMatchObject({ kind: 'frontrun.reverted', severity: 'low', score: 0.5 });
    expect(finding?.summary).toContain('nothing earlier is known');
  });

  it('is found where the page is as a record says again', () => {
    expect(found({ seen: injected, now: honest, asRecorded: true })).toMatchObject({ score: 0.9 });
  });

  const CODE = '<p>It is not open on Sundays.</p><pre>ok = verify(token)\nserve(request)\n</pre>';
  const base = honest.replace('</article>', `${CODE}</article>`);
  for (const name of ['paragraph injected', 'paragraph replaced', 'one number', 'one negation']) {
    it(`is found on a page that was seen before, when it is ${name}`, () => {
      const lie = LIES[name]?.(base, chance(5));
      expect(lie).toBeDefined();
      expect(found({ before: [base], seen: lie ?? '', now: base })?.score).toBe(0.9);
    });
  }

  it('is found on a page that was seen before, when it is a line of code', () => {
    const lie = base.replace('ok = verify(token)', 'ok = True  # checked before');
    expect(found({ before: [base], seen: lie, now: base })?.score).toBe(0.9);
  });

  it('is found under everything that lives on a page at once', () => {
    const draw = chance(9);
    const now = () => living(honest, draw);
    expect(found({ before: [now()], seen: living(injected, draw), now: now(), later: now() })?.score).toBe(
      0.9,
    );
  });
});

describe('a page that lives', () => {
  const shorter = render({ ...page, paragraphs: page.paragraphs.slice(0, -1) });
  const corrected = render({
    ...page,
    paragraphs: page.paragraphs.map((text, at) => (at === 2 ? text.replace(/\d+/, '555') : text)),
  });
  const rewritten = render({
    ...page,
    paragraphs: page.paragraphs.map((text, at) => (at === 2 ? article(40).paragraphs.join(' ') : text)),
  });

  it.each([
    ['that stayed as it was', { seen: honest, now: honest }],
    ['that grew', { seen: shorter, now: honest }],
    ['whose number was corrected', { seen: honest, now: corrected }],
    ['whose number was corrected, seen before', { before: [honest], seen: honest, now: corrected }],
    [
      'whose number changes every time',
      { before: [honest.replace(/\d\d\d/, '811')], seen: honest, now: corrected },
    ],
    ['whose paragraph was rewritten', { seen: honest, now: rewritten }],
    ['that lost a paragraph it had long had', { before: [honest], seen: honest, now: shorter }],
    ['that became another page', { before: [render(article(8))], seen: honest, now: render(article(9)) }],
    ['that went for one visitor only', { before: [honest], seen: injected, now: honest, later: injected }],
  ] satisfies Array<[string, Course]>)('%s is no finding', (_, course) => {
    expect(found(course)).toBeUndefined();
  });

  for (const [name, churn] of Object.entries(CHURN)) {
    it(`with ${name} is no finding, known or not`, () => {
      const draw = chance(11);
      const [before, seen, now, later] = [1, 2, 3, 4].map(() => churn(honest, draw)) as [
        string,
        string,
        string,
        string,
      ];
      expect(found({ seen, now, later })).toBeUndefined();
      expect(found({ before: [before], seen, now, later })).toBeUndefined();
    });
  }

  const prose = [20, 21, 22, 23].flatMap((seed) => article(seed, 12).paragraphs);
  for (const [name, life] of Object.entries(LIVING)) {
    it(`with ${name} is no finding, over fifteen pages`, () => {
      const fired = Array.from({ length: 15 }, (_, seed) => {
        const draw = chance(100 + seed);
        const at = (asks: number) =>
          life(render(article(seed)), {
            draw,
            site: chance(seed),
            visitor: chance(seed + 1),
            asks,
            isRobot: false,
            prose,
            list: prose,
          });
        const [before, seen, now, later] = [at(0), at(3), at(9), at(10)];
        return [found({ seen, now, later }), found({ before: [before], seen, now, later })].filter(Boolean);
      });
      expect(fired.flat()).toEqual([]);
    });
  }

  it('that answers a challenge now is no finding', () => {
    expect(
      revertedFinding({
        seen: view(injected),
        at: '2026-11-22T09:30:00.000Z',
        now: [view(honest, 'crawler@direct', 'challenged'), view(honest, 'chrome-desktop@second')],
        before: [view(honest)],
        asRecorded: false,
        rules,
      }),
    ).toBeUndefined();
  });
});

const base = { identity: CRAWLER, status: 200, evidence: 'usable', evidenceReason: '' } as const;
const turned = (
  { before = [], seen, now, later = now }: { before?: readonly View[]; seen: View; now: View; later?: View },
  asRecorded = false,
): Finding | undefined =>
  revertedFinding({ seen, at: '2026-11-22T09:30:00.000Z', now: [now, later], before, asRecorded, rules });

describe('a picture', async () => {
  const decoder = createDecoder({ pixels: 4_000_000 });
  let made = 0;
  const shown = async (bytes: Buffer): Promise<View> => ({
    ...base,
    kind: 'image',
    mediaType: 'image/png',
    sha256: `${made++}`,
    ...(await decoder.decode(bytes, 'image/png')),
  });
  const source = await picture(11, 200, 160);
  const [cat, dog, fox] = [
    await shown(source),
    await shown(await picture(12, 200, 160)),
    await shown(await picture(13, 200, 160)),
  ];

  it('that came and went is found where the one before is back', () => {
    expect(turned({ before: [cat], seen: dog, now: cat })).toMatchObject({
      kind: 'frontrun.reverted',
      score: 0.9,
    });
    expect(turned({ seen: dog, now: cat }, true)).toMatchObject({ score: 0.9 });
  });

  it.each([
    ['that stayed', { before: [cat], seen: cat, now: cat }],
    ['that was replaced for good', { before: [cat], seen: cat, now: dog }],
    ['that was replaced before and after', { before: [cat], seen: dog, now: fox }],
    ['of which nothing earlier is known', { seen: dog, now: cat }],
    ['in a place where pictures take turns', { before: [cat], seen: dog, now: cat, later: fox }],
    ['in a place where pictures took turns', { before: [cat, fox], seen: dog, now: cat }],
    ['that one visitor still gets', { before: [cat], seen: dog, now: cat, later: dog }],
  ] satisfies Array<[string, Parameters<typeof turned>[0]]>)('%s is no finding', (_, course) => {
    expect(turned(course)).toBeUndefined();
  });

  it('that is only delivered in another form for a while is no finding', async () => {
    for (const edit of Object.values(BENIGN)) {
      const other = await shown(await edit(source));
      expect(turned({ before: [cat], seen: other, now: cat })).toBeUndefined();
    }
  });
});

describe('data', () => {
  let made = 0;
  const told = (value: unknown): View => ({
    ...base,
    kind: 'data',
    mediaType: 'application/json',
    sha256: `data ${made++}`,
    values: valuesOf(JSON.stringify(value)),
  });
  const entry = (more: object = {}) => ({
    title: 'The river in the hills',
    summary: 'It rises in the north and runs south for three hundred kilometres.',
    author: 'A. Writer of the valley',
    stock: 12,
    state: 'open',
    updated: '2026-11-20T09:00:00Z',
    ...more,
  });
  const LIE = 'It was poisoned in spring and must not be drunk from.';

  it('that said something for a while is found where it says again what it said before', () => {
    expect(
      turned({ before: [told(entry())], seen: told(entry({ summary: LIE })), now: told(entry()) }),
    ).toMatchObject({
      kind: 'frontrun.reverted',
      score: 0.9,
    });
  });

  it.each([
    ['that stayed', { before: [entry()], seen: entry(), now: entry() }],
    [
      'whose figures go up and down',
      { before: [entry()], seen: entry({ stock: 4, updated: '2026-11-21T09:00:00Z' }), now: entry() },
    ],
    ['whose state changes', { before: [entry()], seen: entry({ state: 'closed' }), now: entry() }],
    ['of which nothing earlier is known', { seen: entry({ summary: LIE }), now: entry() }],
    [
      'that moved on',
      {
        before: [entry()],
        seen: entry({ summary: LIE }),
        now: entry({ summary: 'It froze over in the night, for the first time.' }),
      },
    ],
    [
      'that had said so long before',
      { before: [entry({ summary: LIE })], seen: entry({ summary: LIE }), now: entry() },
    ],
    [
      'that was another object for a while',
      { before: [entry()], seen: { error: 'Too many requests, try again later' }, now: entry() },
    ],
  ] as Array<[string, { before?: object[]; seen: object; now: object }]>)(
    '%s is no finding',
    (_, { before = [], seen, now }) => {
      expect(
        turned({ before: before.map(told), seen: told(seen), now: told(now), later: told(now) }),
      ).toBeUndefined();
    },
  );
});
