/** Addresses as a hostile page would write them; tables after stripe/smokescreen and changedetection.io. */
import { describe, expect, it } from 'vitest';
import { canonicalHost, isRange, matchHost, parseRange, prohibitedRange } from '../../src/fetch/address.ts';

const HOSTS: ReadonlyArray<readonly [string, string | undefined]> = [
  ['example.org', 'example.org'],
  ['EXAMPLE.org', 'example.org'],
  ['example.org.', 'example.org'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['under_score.example', 'under_score.example'],
  ['localhost.', 'localhost'],
  ['127.1', '127.0.0.1'],
  ['127.0.0.1.', '127.0.0.1'],
  ['0x7f.1', '127.0.0.1'],
  ['0x7f000001', '127.0.0.1'],
  ['017700000001', '127.0.0.1'],
  ['2130706433', '127.0.0.1'],
  ['0', '0.0.0.0'],
  ['0177.0.0.1', '127.0.0.1'],
  ['①②⑦.⓪.⓪.①', '127.0.0.1'],
  ['127。0。0。1', '127.0.0.1'],
  ['%31%32%37.0.0.1', '127.0.0.1'],
  ['[::1]', '::1'],
  ['::1', '::1'],
  ['[::ffff:127.0.0.1]', '::ffff:7f00:1'],
  ['0000:0000:0000:0000:0000:0000:0000:0001', '::1'],
  ['fe80::1%eth0', undefined],
  ['[fe80::1%25eth0]', undefined],
  ['1.2.3.4.5', undefined],
  ['256.1.1.1', undefined],
  ['0x7f.0.0.0x100', undefined],
  ['example.org:80', undefined],
  ['user@example.org', undefined],
  ['example.org/..', undefined],
  ['exa mple.org', undefined],
  ['', undefined],
];

/** Undefined: may be dialled. */
const RANGES: ReadonlyArray<readonly [string, string | undefined]> = [
  ['93.184.216.34', undefined],
  ['1.1.1.1', undefined],
  ['2606:4700:4700::1111', undefined],
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'unspecified'],
  ['10.0.0.1', 'private'],
  ['100.64.0.1', 'carrierGradeNat'],
  ['100.100.100.200', 'carrierGradeNat'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['169.254.169.254', 'linkLocal'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.0.0.192', 'reserved'],
  ['192.0.2.1', 'reserved'],
  ['192.88.99.1', 'reserved'],
  ['192.168.1.1', 'private'],
  ['198.18.0.1', 'reserved'],
  ['198.51.100.1', 'reserved'],
  ['203.0.113.1', 'reserved'],
  ['224.0.0.1', 'multicast'],
  ['239.255.255.250', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'broadcast'],
  ['168.63.129.16', 'metadata'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:7f00:1', 'loopback'],
  ['::ffff:93.184.216.34', undefined],
  ['::127.0.0.1', 'loopback'],
  ['::ffff:0:127.0.0.1', 'rfc6145'],
  ['64:ff9b::7f00:1', 'loopback'],
  ['64:ff9b::a9fe:a9fe', 'linkLocal'],
  ['64:ff9b::5db8:d822', undefined],
  ['64:ff9b:1::1', 'rfc6052'],
  ['2002:7f00:1::', '6to4'],
  ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'teredo'],
  ['2001:db8::1', 'reserved'],
  ['2001:2::1', 'benchmarking'],
  ['2001:10::1', 'deprecatedOrchid'],
  ['3fff::1', 'reserved'],
  ['fc00::1', 'uniqueLocal'],
  ['fd00:ec2::254', 'uniqueLocal'],
  ['fe80::1', 'linkLocal'],
  ['fe80::1%eth0', 'zoneId'],
  ['fec0::1', 'deprecatedSiteLocal'],
  ['ff02::1', 'multicast'],
  ['100::1', 'discard'],
  ['5f00::1', 'segmentRouting'],
  ['4000::1', 'notGlobalUnicast'],
  ['nonsense', 'notAnAddress'],
];

describe('a host', () => {
  it.each(HOSTS)('%j is read as %j', (host, canonical) => {
    expect(canonicalHost(host)).toBe(canonical);
  });
});

describe('an address', () => {
  it.each(RANGES)('%s is in the range %s', (address, range) => {
    expect(prohibitedRange(address)).toBe(range);
  });
});

describe('a configured destination', () => {
  it('is a range, of either family, by CIDR or single address', () => {
    expect(parseRange('127.0.0.0/8')('127.9.9.9')).toBe(true);
    expect(parseRange('127.0.0.0/8')('::ffff:127.0.0.1')).toBe(true);
    expect(parseRange('127.0.0.0/8')('::1')).toBe(false);
    expect(parseRange('fd00::/8')('fd12::1')).toBe(true);
    expect(parseRange('10.0.0.1')('10.0.0.1')).toBe(true);
    expect(parseRange('10.0.0.1')('10.0.0.2')).toBe(false);
  });

  it('is a host pattern otherwise', () => {
    expect(isRange('*.example.org')).toBe(false);
    expect(matchHost('*.example.org')('a.b.example.org')).toBe(true);
    expect(matchHost('*.example.org')('example.org')).toBe(false);
    expect(matchHost('**.example.org')('example.org')).toBe(true);
    expect(matchHost('example.org')('notexample.org')).toBe(false);
  });
});
