import { describe, expect, it } from 'vitest';
import type { SnapshotRecord } from '../../src/domain/index.ts';
import { labelFindings, relationOf } from '../../src/snapshot/label.ts';

const record = (label: string | null): SnapshotRecord => ({
  url: 'https://example.org/a.jpg',
  date: '2022-05-01T00:00:00.000Z',
  dataset: 'set',
  httpStatus: null,
  digests: [],
  perceptual: [],
  label,
  note: null,
});

const CAPTION = 'Two dogs & a cat, sitting on the grey sofa';

describe('a caption beside the recorded one', () => {
  it.each([
    ['the very words', CAPTION],
    ['white space and line ends', '  Two dogs &  a cat,\n sitting on the grey sofa '],
    ['entities', 'Two dogs &amp; a cat, sitting on the grey sofa'],
    ['entities of entities', 'Two dogs &amp;amp; a cat, sitting on the grey&amp;nbsp;sofa'],
    ['markup', '<b>Two dogs</b> &amp; a cat, sitting on the grey sofa<br/>'],
    ['case', CAPTION.toUpperCase()],
    ['typography', '“Two dogs & a cat, sitting on the grey sofa”'],
    ['full-width letters', 'Ｔｗｏ ｄｏｇｓ & a cat, sitting on the grey sofa'],
    ['a cut', 'Two dogs & a cat, sitting on the gr'],
    ['a cut that is said', 'Two dogs & a cat, sitting on…'],
    ['language tags', '"Two dogs & a cat, sitting on the grey sofa"@en'],
    ['a language mark before', '[en] Two dogs & a cat, sitting on the grey sofa'],
    ['a slip', 'Two dogs & a cat, siting on the grey sofa'],
    ['a plural', 'Two dogs & a cat, sitting on the grey sofas'],
  ])('%s makes no difference', (_, given) => {
    expect(relationOf(CAPTION, given)).toBe('same');
  });

  it.each([
    ['longer', `${CAPTION} - Stock photo by Example`],
    ['reworded', 'Two wolves & a cat, sitting on the grey sofa'],
    ['reworded', 'Three dogs & a cat, sitting on the grey sofa'],
    ['reworded', 'Two dogs & a car, sitting on the grey sofa'],
    ['other', 'handbag made of red leather'],
    ['other', 'dog'.repeat(3)],
    ['other', ''],
  ] as const)('it is %s: %s', (relation, given) => {
    expect(relationOf(CAPTION, given)).toBe(relation);
  });

  it.each([
    ['猫がソファに座っている', '猫がソファに座っている。', 'same'],
    ['猫がソファに座っている', '赤い革のハンドバッグ', 'other'],
    ['Straße mit Bäumen', 'Strasse mit Bäumen', 'reworded'],
    ['12 V battery', '24 V battery', 'reworded'],
  ] as const)('%s beside %s is %s', (recorded, given, relation) => {
    expect(relationOf(recorded, given)).toBe(relation);
  });

  it('the most similar of several recorded captions counts', () => {
    expect(labelFindings([record('something else'), record(CAPTION)], CAPTION)).toEqual([]);
  });

  it.each([
    [[], 'a'],
    [[record(null)], 'a'],
    [[record('a')], undefined],
    [[record('a')], ' '],
  ] as const)('nothing is said where one of the two is missing', (records, given) => {
    expect(labelFindings(records, given)).toEqual([]);
  });

  it('another text weighs more than exchanged words, and those more than a longer caption', () => {
    const told = [`${CAPTION} by night`, CAPTION.replace('cat', 'horse'), 'red leather handbag'].flatMap(
      (given) => labelFindings([record(CAPTION)], given),
    );
    expect(told.map(({ kind, severity, score }) => [kind, severity, score])).toEqual([
      ['snapshot.label', 'info', 0.2],
      ['snapshot.label', 'low', 0.6],
      ['snapshot.label', 'medium', 0.9],
    ]);
  });
});
