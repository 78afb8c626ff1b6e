/** Whom a connection leads to: the network of its address, the key and the issuer of its certificate. */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import ipaddr from 'ipaddr.js';
import type { Peer } from '../domain/index.ts';

/** What a registry gives one network at least, as a rule: a hoster keeps it when a server gets another address. */
const PREFIX = { ipv4: 16, ipv6: 32 } as const;

/** Undefined where the connection is gone already. */
export function peerOf(host: string, socket: Socket | TLSSocket): Peer | undefined {
  const address = socket.remoteAddress;
  if (address === undefined || !ipaddr.isValid(address)) return undefined;
  const certificate = 'getPeerX509Certificate' in socket ? socket.getPeerX509Certificate() : undefined;
  return {
    host: host.toLowerCase(),
    network: networkOf(address),
    certificate: certificate === undefined ? [] : [keyOf(certificate), issuerOf(certificate)],
  };
}

/** The network of an address as CIDR. */
export function networkOf(address: string): string {
  const parsed = ipaddr.process(address);
  const bits = PREFIX[parsed.kind()];
  const octets = parsed.toByteArray().map((octet, at) => (at * 8 < bits ? octet : 0));
  return `${ipaddr.fromByteArray(octets).toString()}/${bits}`;
}

type Certificate = NonNullable<ReturnType<TLSSocket['getPeerX509Certificate']>>;

const keyOf = ({ publicKey }: Certificate): string =>
  `key ${createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')}`;

/** The organisation that issued it, or its name where it gives none: intermediates of one authority change often. */
const issuerOf = ({ issuer }: Certificate): string =>
  `issuer ${/^O=(.*)$/m.exec(issuer)?.[1] ?? /^CN=(.*)$/m.exec(issuer)?.[1] ?? issuer}`;
