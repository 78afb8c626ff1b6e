import { describe, expect, it } from 'vitest';
import { compareViews } from '../../src/compare/index.ts';
import { CRAWLER, type IdentityName, type View } from '../../src/domain/index.ts';
import { REFERENCES, rules } from './views.ts';

type Form = { kind: 'bytes' } | { kind: 'data'; values: { path: string; value: string }[] };
let made = 0;
const view = (form: Form, sha256: string, more: Partial<View> = {}, identity: IdentityName = CRAWLER): View =>
  ({
    identity,
    status: 200,
    mediaType: 'application/pdf',
    evidence: 'usable',
    evidenceReason: '',
    sha256,
    ...more,
    ...form,
  }) as View;
const bytes = (sha256: string, more: Partial<View> = {}, identity?: IdentityName) =>
  view({ kind: 'bytes' }, sha256, more, identity);
const data = (values: Record<string, string>, identity?: IdentityName) =>
  view(
    { kind: 'data', values: Object.entries(values).map(([path, value]) => ({ path, value })) },
    `${made++}`,
    {},
    identity,
  );
const compare = (crawler: View, repeats: View[], references: View[]) =>
  compareViews({
    crawler,
    repeats,
    references: references.map((one, at) => ({ ...one, identity: REFERENCES[at] as IdentityName })),
    rules,
  });

describe('views compared as a whole', () => {
  it('finds bytes that only the crawler gets', () => {
    expect(compare(bytes('a'), [bytes('a')], [bytes('b'), bytes('b'), bytes('b')]).findings).toMatchObject([
      { kind: 'split-view.bytes' },
    ]);
  });

  it('learns nothing from bytes that differ for everybody', () => {
    expect(compare(bytes('a'), [bytes('b')], [bytes('c'), bytes('d')])).toMatchObject({
      relation: 'no-evidence',
      findings: [],
    });
  });

  it('finds a redirect that leads only the crawler elsewhere', () => {
    const away = () => bytes('', { status: 302, redirect: 'https://mirror.example.net/a' });
    expect(compare(away(), [away()], [bytes('b'), bytes('b'), bytes('b')]).findings).toMatchObject([
      { kind: 'split-view.redirect' },
    ]);
  });

  it.each([
    ['https://site.example/b', 'https://www.site.example/b/'],
    ['https://site.example/b', 'http://site.example/b'],
    ['https://site.example/en/b', 'https://site.example/de-DE/b'],
    ['https://m.site.example/b', 'https://site.example/b'],
  ])('takes %s and %s for one target', (one, other) => {
    const to = (redirect: string) => bytes(redirect, { status: 301, redirect });
    expect(compare(to(one), [], [to(other)])).toMatchObject({ relation: 'equal', findings: [] });
  });
});

describe('data', () => {
  it('finds a value that only the crawler gets', () => {
    const [lie, truth] = [{ answer: 'It was built in 1066.' }, { answer: 'It was built in 1666.' }];
    const { findings } = compare(data(lie), [data(lie)], [data(truth), data(truth), data(truth)]);
    expect(findings).toMatchObject([{ kind: 'split-view.data', rule: 'split-view/changed-value@1' }]);
  });

  it('masks times, tokens and counts by their path', () => {
    const at = (count: number) =>
      data({
        'meta.request_id': `${count}`,
        'meta.generated_at': `${count}`,
        viewCount: `${count}`,
        name: 'Mill',
      });
    expect(compare(at(1), [], [at(2)])).toMatchObject({ relation: 'equal', findings: [] });
  });
});
