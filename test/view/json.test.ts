import { describe, expect, it } from 'vitest';
import { flatten, valuesOf } from '../../src/view/json.ts';

describe('valuesOf', () => {
  it('names leaves by path, any place of a list alike', () => {
    expect(valuesOf('{"a":{"b":[{"c":1},{"c":"two"}]},"d":null,"e":[],"f":{}}')).toEqual([
      { path: 'a.b[].c', value: '1' },
      { path: 'a.b[].c', value: 'two' },
      { path: 'd', value: 'null' },
      { path: 'e', value: '[]' },
      { path: 'f', value: '{}' },
    ]);
  });

  it('reads records on lines of their own', () => {
    expect(valuesOf('{"a":1}\n\n{"a":2}\n')).toEqual([
      { path: '[].a', value: '1' },
      { path: '[].a', value: '2' },
    ]);
  });

  it('passes over a byte order mark and the guard against inclusion', () => {
    expect(valuesOf('\ufeff{"a":true}')).toEqual([{ path: 'a', value: 'true' }]);
    expect(valuesOf(")]}',\n[1]")).toEqual([{ path: '[]', value: '1' }]);
  });

  it('throws for what is neither', () => {
    expect(() => valuesOf('a: 1')).toThrow(SyntaxError);
  });
});

describe('flatten', () => {
  it('survives nesting that no person wrote', () => {
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as unknown;
    expect(flatten(deep)).toHaveLength(1);
  });
});
