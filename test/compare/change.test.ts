import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../src/compare/align.ts';
import { kindsOfChange } from '../../src/compare/change.ts';
import { wordsOf } from '../../src/compare/words.ts';

const kinds = (from: string, to: string) => {
  const [one, other] = [wordsOf(from), wordsOf(to)];
  return kindsOfChange(one, other, changesBetween(one, other), to);
};

describe('kindsOfChange', () => {
  it.each([
    ['It rose by 3 per day.', 'It rose by 5 per day.', ['number']],
    ['It is at -5 now.', 'It is at 5 now.', ['number']],
    ['It is safe.', 'It is not safe.', ['negation']],
    ['It is legal.', 'It is illegal.', ['negation']],
    ['He was possible to reach.', 'He was impossible to reach.', ['negation']],
    ['A hypertonic solution.', 'A hypotonic solution.', ['negation']],
    ['Take 3 mg of it.', 'Take 3 g of it.', ['unit']],
    ['It cost a million there.', 'It cost a billion there.', ['unit']],
    ['It ended in March there.', 'It ended in May there.', ['date']],
    ['Some of them agree.', 'All of them agree.', ['qualifier']],
    ['The mayor thanked Anna Smith yesterday.', 'The mayor thanked Anna Jones yesterday.', ['name']],
    ['The town of Iran lies there.', 'The town of Iraq lies there.', ['name']],
    ['The device cures headaches.', 'The device causes headaches.', ['words']],
    ['They recieved it.', 'They received it.', ['spelling']],
    ['It was definitly so.', 'It was definitely so.', ['spelling']],
    ['It was the the end.', 'It was the end.', ['spelling']],
    ['A web site opened.', 'A website opened.', ['spelling']],
    ['Nothing else changed.', 'Nothing else changed.', []],
    ['Он не пришёл.', 'Он пришёл.', ['negation']],
    ['他不安全', '他安全', ['negation']],
  ])('%s -> %s', (from, to, expected) => {
    expect(kinds(from, to)).toEqual(expected);
  });
});
