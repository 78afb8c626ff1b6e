import { describe, expect, it } from 'vitest';
import type { Identity, IdentityName } from '../../src/domain/index.ts';
import { allowedFailures, quorumOf } from '../../src/fetch/quorum.ts';

const identity = (name: IdentityName, group: string): Identity => ({
  name,
  profile: {
    name,
    fields: [],
    accept: { document: '*/*', image: '*/*' },
    only: {},
    tls: { alpn: ['http/1.1'] },
    engine: 'http',
  },
  perspective: {
    name,
    group,
    route: group === 'direct' ? { via: 'direct' } : { via: 'localAddress', address: '127.0.0.2' },
  },
});
/** `+` corroborates, `-` does not, `0` brought no evidence. */
const votes = (letters: string) =>
  [...letters].map((letter, at) => ({
    identity: `p${at}@a` as IdentityName,
    corroborates: letter === '0' ? undefined : letter === '+',
  }));
const lab = (letters: string) => [...letters].map((_, at) => identity(`p${at}@a`, 'lab'));

describe('quorumOf', () => {
  it.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [5, 1],
    [6, 2],
    [9, 2],
  ])('of %i usable references %i may fail', (usable, allowed) => {
    expect(allowedFailures(usable)).toBe(allowed);
  });

  it.each([
    ['', '0/0', false],
    ['+', '1/1', true],
    ['-', '0/1', false],
    ['++-', '2/3', true],
    ['+--', '1/3', false],
    ['++++--', '4/6', true],
    ['+++---', '3/6', false],
    ['0', '0/0', false],
    ['000', '0/0', false],
    ['+00', '1/1', true],
    ['-00', '0/1', false],
  ])('counts %s as %s', (letters, text, holds) => {
    expect(quorumOf(votes(letters), lab(letters))).toMatchObject({ text, holds });
  });

  it('counts an identity that was asked twice once, and only when it corroborated both times', () => {
    const twice = [
      { identity: 'a@b' as const, corroborates: true },
      { identity: 'a@b' as const, corroborates: false },
    ];
    expect(quorumOf(twice, [identity('a@b', 'lab')]).text).toBe('0/1');
  });

  it('wants a second independence group where one is configured', () => {
    const identities = [identity('p0@a', 'direct'), identity('p1@a', 'eu')];
    expect(quorumOf([{ identity: 'p0@a', corroborates: true }], identities).holds).toBe(false);
    expect(quorumOf([{ identity: 'p1@a', corroborates: true }], identities).holds).toBe(true);
  });
});
