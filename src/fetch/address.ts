/** Addresses: which ones a host name or literal really means, and which of them no crawler has business with. */
import ipaddr from 'ipaddr.js';

/**
 * A host as every resolver would read it: lower case, IDNA applied, `0x7f.1`, `017700000001` and `127。0。0。1` as
 * `127.0.0.1`, IPv6 without brackets, no trailing dot. `undefined` where no reading is safe (zone ids, spaces, `1.2.3.4.5`).
 */
export function canonicalHost(host: string): string | undefined {
  if (PLAIN_NAME.test(host)) return host;
  if (/[\s/?#@\\]/.test(host)) return undefined;
  const bracketed = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  // The WHATWG parser is the one that browsers and Node's fetch use, odd IPv4 forms included: same reading, no differential.
  if (!URL.canParse(`http://${bracketed}/`)) return undefined;
  const { hostname, port } = new URL(`http://${bracketed}/`);
  if (port !== '') return undefined;
  const name = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  return name === '' ? undefined : name;
}

/** Nothing to canonicalise: lower case, and the last label has a letter that no number form has. */
const PLAIN_NAME = /^(?:[a-z0-9_-]+\.)*(?!xn--)[a-z_-]*[g-wyz][a-z0-9_-]*$/;

/** Whether a canonical host is an IP literal. */
export const isLiteral = (host: string): boolean => ipaddr.isValid(host);

/** Whether a canonical name means this machine without asking anybody (RFC 6761, section 6.3). */
export const isLocalName = (host: string): boolean => host === 'localhost' || host.endsWith('.localhost');

/** Canonical text of an address, IPv4-mapped ones as the IPv4 address that would be dialled. */
export const canonicalAddress = (address: string): string => ipaddr.process(address).toString();

/** Public addresses that are only reachable inside a cloud and speak to its control plane. */
const CONTROL_PLANES: ReadonlyArray<readonly [range: string, name: string]> = [
  // Azure WireServer: the one metadata service that does not stand in a reserved range.
  ['168.63.129.16/32', 'metadata'],
];

const V6_GLOBAL = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];
const NAT64 = ipaddr.parseCIDR('64:ff9b::/96') as [ipaddr.IPv6, number];

/**
 * Why an address must not be dialled: the name of its range, `loopback`, `private`, `carrierGradeNat`, `6to4` ...
 * `undefined` for global unicast. Decided on parsed octets; embedded IPv4 (mapped, NAT64) is judged as IPv4.
 * @see RFC 6890 and the IANA special-purpose registries
 */
export function prohibitedRange(address: string): string | undefined {
  if (address.includes('%')) return 'zoneId';
  if (!ipaddr.isValid(address)) return 'notAnAddress';
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) {
    const range = parsed.range();
    if (range !== 'unicast') return range;
    return CONTROL_PLANES.find(([cidr]) => parsed.match(ipaddr.parseCIDR(cidr)))?.[1];
  }
  if (parsed.match(NAT64)) {
    // IPv6-only networks reach public IPv4 this way, so only what is embedded counts.
    return prohibitedRange(ipaddr.fromByteArray(parsed.toByteArray().slice(12)).toString());
  }
  const range = parsed.range();
  if (range !== 'unicast') return range;
  return parsed.match(V6_GLOBAL) ? undefined : 'notGlobalUnicast';
}

/** Ranges as configured; throws where one is not a CIDR or an address. */
export function parseRange(text: string): (address: string) => boolean {
  const [base, bits] = text.includes('/')
    ? ipaddr.parseCIDR(text)
    : ([ipaddr.parse(text), ipaddr.parse(text).kind() === 'ipv4' ? 32 : 128] as const);
  return (address) => {
    const parsed = ipaddr.process(address);
    return parsed.kind() === base.kind() && parsed.match([base, bits] as [ipaddr.IPv4 & ipaddr.IPv6, number]);
  };
}

/** Whether a configured destination is a range of addresses; else it is a host pattern. */
export const isRange = (text: string): boolean =>
  text.includes('/') ? ipaddr.isValidCIDR(text) : ipaddr.isValid(text);

/** A host pattern: `example.org` itself, `*.example.org` everything below it, `**.example.org` both. */
export function matchHost(pattern: string): (host: string) => boolean {
  const lower = pattern.toLowerCase().replace(/\.$/, '');
  if (lower.startsWith('**.')) {
    const name = lower.slice(3);
    return (host) => host === name || host.endsWith(`.${name}`);
  }
  if (lower.startsWith('*.')) return (host) => host.endsWith(lower.slice(1));
  return (host) => host === lower;
}
