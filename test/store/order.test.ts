/** What is written at once is what canonical JSON would be. */
import { expect, it } from 'vitest';
import { canonicalJson } from '../../src/store/chain.ts';
import { recordInOrder, verdictInOrder } from '../../src/store/order.ts';
import { verdict } from './verdict.ts';

it('a verdict and a record in order have the JSON of those that are not', () => {
  const given = verdict({});
  expect(JSON.stringify(verdictInOrder(given))).toBe(canonicalJson(given));
  expect(canonicalJson(verdictInOrder(given))).toBe(canonicalJson(given));
  const record = {
    url: 'https://example.org/',
    identity: 'crawler@direct',
    status: 200,
    reason: 'OK',
    httpVersion: '1.1',
    fields: [['Content-Type', 'text/html']],
    mediaType: 'text/html',
    sha256: 'ab',
    bytes: 3,
    startedAt: 1,
  } as const;
  expect(JSON.stringify(recordInOrder(record))).toBe(canonicalJson(record));
});
