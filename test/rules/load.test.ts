import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRules } from '../../src/rules/check.ts';
import { loadRules } from '../../src/rules/load.ts';

const RULES = resolve(import.meta.dirname, '../../rules');

describe('the rules that ship', () => {
  const rules = loadRules(RULES);

  it('load, with a policy among them', () => {
    expect(rules.policies.map(({ name }) => name)).toContain('default');
    expect(rules.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('hold on their own cases', () => {
    expect(checkRules(rules).failures).toEqual([]);
  });
});

describe('loadRules', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'foretaste-rules-'));
    cpSync(RULES, dir, { recursive: true });
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('gives the same digest for the same files and another one after a change', () => {
    expect(loadRules(dir).digest).toBe(loadRules(RULES).digest);
    writeFileSync(join(dir, 'text', 'ignore-previous.yaml'), '# changed\n', { flag: 'a' });
    expect(loadRules(dir).digest).not.toBe(loadRules(RULES).digest);
  });

  it('names file and line of a rule that is wrong', () => {
    writeFileSync(join(dir, 'text', 'broken.yaml'), 'id: text/broken\nversion: 0\n');
    expect(() => loadRules(dir)).toThrow(
      /Expected version to be a whole number above 0 but received 0 in .*broken\.yaml:2\./,
    );
  });

  it.each([
    ["  - 'Referer: {referer}'\n", 'Expected visits.from to be a line with {referer} in fields'],
    ["  - 'Cookie: {cookie}'\n", 'Expected visits.returning to be a line with {cookie} in fields'],
  ])('refuses a profile that arrives in a way it has no line for', (line, message) => {
    const file = join(dir, 'profiles', 'browser.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(line, ''));
    expect(() => loadRules(dir)).toThrow(message);
  });

  it('tells which case of a profile does not hold', () => {
    const file = join(dir, 'profiles', 'browser.yaml');
    const changed = readFileSync(file, 'utf8').replace(
      "sends: ['Referer: https://www.google.com/'",
      "sends: ['Referer: https://example.net/'",
    );
    writeFileSync(file, changed);
    expect(checkRules(loadRules(dir)).failures).toEqual([
      {
        rule: 'profiles/browser',
        expected: 'match',
        example: expect.stringContaining('Referer: https://example.net/'),
      },
    ]);
  });

  it('refuses two rules of one name', () => {
    cpSync(join(dir, 'text', 'ignore-previous.yaml'), join(dir, 'text', 'twin.yaml'));
    expect(() => loadRules(dir)).toThrow('Expected one rule named text/ignore-previous but received two');
  });
});
