/** Names: a cache of one's own, fed by a DNS server that the test runs. */
import { describe, expect, it } from 'vitest';
import { createNames, parseHosts } from '../../src/fetch/names.ts';

describe('names', () => {
  it('under localhost mean this machine without asking anybody', async () => {
    const names = createNames({ clock: Date.now });
    expect(await names.resolve('localhost')).toEqual(['127.0.0.1', '::1']);
    expect(await names.resolve('a.b.localhost')).toEqual(['127.0.0.1', '::1']);
  });

  it('that nobody knows are a DNS error', async () => {
    await expect(createNames({ clock: Date.now }).resolve('nobody.invalid')).rejects.toMatchObject({
      code: expect.stringMatching(/^dns-/),
    });
  });
});

describe('a hosts file', () => {
  it('gives every name its addresses in the order of the lines', () => {
    const hosts = parseHosts(
      '127.0.0.1 localhost # loopback\n\n# 10.0.0.1 old\n::1 localhost Ip6\n10.9.8.7\tlab.example LAB\r\nnonsense x\n',
    );
    expect(Object.fromEntries(hosts)).toEqual({
      localhost: ['127.0.0.1', '::1'],
      ip6: ['::1'],
      'lab.example': ['10.9.8.7'],
      lab: ['10.9.8.7'],
    });
  });
});
