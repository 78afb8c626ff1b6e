import { describe, expect, it } from 'vitest';
import { chooseNearest, digitsOf, momentOf, rowsOf } from '../../../src/snapshot/archive/choose.ts';

const URL = 'https://example.org/a?b=1';
const row = (timestamp: string, url = URL, status = '200') => ({ timestamp, url, status });
const near = Date.parse('2022-05-01T00:00:00Z');

describe('the list of an archive', () => {
  it('is read as an array of arrays and as an object a line, by both sets of names', () => {
    const wanted = [{ timestamp: '20220501000000', url: URL, status: '200' }];
    expect(
      rowsOf(
        JSON.stringify([
          ['timestamp', 'original', 'statuscode'],
          ['20220501000000', URL, '200'],
        ]),
      ),
    ).toEqual(wanted);
    expect(rowsOf(`{"timestamp": "20220501000000", "url": "${URL}", "status": 200}\n`)).toEqual(wanted);
  });

  it.each(['', '[]', '[[]]', 'null', '{', '<html>', '[1, 2]', 'Blocked site error'])(
    '%j lists nothing',
    (answer) => {
      expect(chooseNearest(rowsOf(answer), URL, { near })).toBeUndefined();
    },
  );

  it('gives the nearest before or after, within what is allowed', () => {
    const rows = [row('20210501000000'), row('20220601000000'), row('20220415000000')];
    expect(chooseNearest(rows, URL, { near })?.listed.timestamp).toBe('20220415000000');
    expect(chooseNearest(rows, URL, { near, before: Date.parse('2022-01-01') })?.listed.timestamp).toBe(
      '20210501000000',
    );
  });

  it.each([
    ['a redirect', row('20220501000000', URL, '301')],
    ['a revisit without status', row('20220501000000', URL, '-')],
    ['another path case', row('20220501000000', 'https://example.org/A?b=1')],
    ['another host', row('20220501000000', 'https://www.example.org/a?b=1')],
    ['no moment', row('2022')],
  ])('%s is not taken', (_, other) => {
    expect(chooseNearest([other], URL, { near })).toBeUndefined();
  });

  it('a default port and the other scheme are the same URL', () => {
    for (const url of ['http://example.org:80/a?b=1', 'https://example.org:443/a?b=1'])
      expect(chooseNearest([row('20220501000000', url)], URL, { near })).toBeDefined();
  });

  it('moments are 14 digits and back', () => {
    expect(digitsOf(momentOf('20220501123456') ?? 0)).toBe('20220501123456');
    expect(momentOf('20221341000000')).toBeUndefined();
  });
});
