/** The configuration is checked once, and each mistake is one line that says where. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig, perspectivesOf } from '../src/config.ts';
import { ForetasteError } from '../src/domain/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'foretaste-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (text: string): string => {
  const path = join(folder, 'foretaste.yaml');
  writeFileSync(path, text);
  return path;
};
const load = (text: string, flags = {}) => loadConfig({ config: file(text), ...flags });
const refusal = (load: () => unknown): string => {
  try {
    load();
  } catch (error) {
    if (error instanceof ForetasteError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('configuration', () => {
  it('has the defaults of the contract', () => {
    expect(load('{}')).toMatchObject({
      mode: 'enforce',
      proxy: { listen: { host: '127.0.0.1', port: 8080 }, users: [] },
      api: { listen: { host: '127.0.0.1', port: 8081 }, tokens: [] },
      data: './foretaste-data',
      store: 'sqlite',
      profiles: ['chrome-desktop', 'firefox-desktop', 'plain'],
      audit: { rate: 'adaptive', floor: 0.05, deadline: 10_000, maxViews: 8 },
      screen: { image: true, text: true, code: true },
      policy: 'default',
      limits: { body: 64 * 2 ** 20, inflate: 256 * 2 ** 20, pixels: 100e6, header: 64 * 2 ** 10, perHost: 8 },
    });
  });

  it('takes an empty file as all defaults', () => {
    expect(load('').mode).toBe('enforce');
    expect(load('# nothing yet\n').audit.maxViews).toBe(8);
  });

  it('lets flags win over the file', () => {
    const config = load('mode: observe\nproxy: { listen: "127.0.0.1:1" }', {
      mode: 'enforce',
      proxy: '[::1]:0',
    });
    expect(config.mode).toBe('enforce');
    expect(config.proxy.listen).toEqual({ host: '::1', port: 0 });
  });

  const mistakes: Array<[yaml: string, message: RegExp]> = [
    ['mod: enforce', /Expected a key of .*mode.* but received "mod" in .*foretaste\.yaml:1\./],
    ['audit:\n  rate: 7', /audit\.rate.*between 0 and 1.*received 7 in .*:2\./],
    ['limits:\n  body: many', /limits\.body to be a quantity such as 64MiB but received "many" in .*:2\./],
    ['mode: maybe', /mode to be one of enforce, observe but received "maybe" in .*:1\./],
    ['destinations: { allow: [everywhere] }', /an address or a range.*received "everywhere"/],
    ['proxy:\n  listen: 127.0.0.1', /proxy\.listen to be HOST:PORT.*received "127\.0\.0\.1" in .*:2\./],
    ['store: mysql://x', /store to be sqlite or a postgres:\/\/ URL/],
    [
      'api:\n  tokens:\n    - { name: a, role: god, token: x }',
      /role to be one of viewer, reviewer, admin.*:3\./,
    ],
    [
      'proxy: { users: [{ name: a, password: "env:NOT_SET_ANYWHERE" }] }',
      /the variable NOT_SET_ANYWHERE to be set/,
    ],
    [
      'perspectives: [{ name: a, localAddress: 127.0.0.2 }, { name: a, localAddress: 127.0.0.3 }]',
      /received a twice/,
    ],
    ['archives: [{ name: a, kind: wayback, url: "ftp://x/" }]', /archives\[?\.?0\]?\.url/],
    ['archives: [{ name: a, kind: commoncrawl }]', /archives.*index/],
    [
      'archives: [{ name: a, kind: memento, url: "http://x/" }, { name: a, kind: wayback, url: "http://x/" }]',
      /distinct archive names but received a twice/,
    ],
    ['mode: [', /Expected YAML but received a syntax error/],
  ];
  it.each(mistakes)('refuses %j', (yaml, message) => {
    expect(refusal(() => load(yaml))).toMatch(message);
  });

  it('refuses a wrong flag by its name', () => {
    expect(refusal(() => loadConfig({ mode: 'strict' }))).toBe(
      'Expected one of enforce, observe but received strict in --mode.',
    );
    expect(refusal(() => loadConfig({ proxy: 'here' }))).toBe(
      'Expected HOST:PORT with a port from 0 to 65535 but received here in --proxy.',
    );
  });

  it('refuses a file that is not there', () => {
    expect(refusal(() => loadConfig({ config: join(folder, 'none.yaml') }))).toMatch(
      /could not read .*none\.yaml/,
    );
  });
});

describe('perspectives', () => {
  it('always have `direct`, and a group of their own unless one is named', () => {
    const config = load(
      'perspectives:\n  - { name: second, localAddress: 127.0.0.2, group: lab }\n  - { name: eu, proxy: "socks5://127.0.0.1:9050" }',
    );
    expect(perspectivesOf(config)).toEqual([
      { name: 'direct', route: { via: 'direct' }, group: 'direct' },
      { name: 'second', route: { via: 'localAddress', address: '127.0.0.2' }, group: 'lab' },
      { name: 'eu', route: { via: 'proxy', url: 'socks5://127.0.0.1:9050' }, group: 'eu' },
    ]);
  });
});
