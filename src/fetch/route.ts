/** Routes: how a perspective reaches a destination. */
import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import { ForetasteError, type Milliseconds, type Perspective, type Signal } from '../domain/index.ts';
import { canonicalHost } from './address.ts';
import { dial } from './dial.ts';
import type { Gate } from './gate.ts';
import type { Names } from './names.ts';
import { octetsOf } from './octets.ts';
import { connectThroughSocks } from './socks.ts';
import { secure } from './tls.ts';

export interface Route {
  /** A connection that carries octets to `host`:`port`. Throws ForetasteError as the gate does. */
  open(host: string, port: number, options: { signal: Signal; timeout: Milliseconds }): Promise<Socket>;
}

/** A proxy's answer to CONNECT; more than 16 KiB is no answer. */
const LONGEST_ANSWER = 16_384;

/** The route of a perspective that sends requests itself; vantages have no connections to route. */
export function routeOf(
  route: Exclude<Perspective['route'], { via: 'vantage' }>,
  { gate, names, context }: { gate: Gate; names: Names; context: () => SecureContext },
): Route {
  switch (route.via) {
    case 'direct':
      return { open: (host, port, options) => gate.connect(host, port, { ...options, names }) };
    case 'localAddress': {
      const localAddress = route.address;
      return { open: (host, port, options) => gate.connect(host, port, { ...options, names, localAddress }) };
    }
    case 'proxy':
      return throughProxy(proxyOf(route.url), { gate, names, context });
    default:
      return route satisfies never;
  }
}

interface UpstreamProxy {
  readonly speaks: 'socks' | 'http' | 'https';
  /** Whether the proxy resolves names; otherwise it is given the address that the gate looked at. */
  readonly resolves: boolean;
  readonly host: string;
  readonly port: number;
  readonly credentials: { user: string; password: string } | undefined;
}

const SCHEMES: Readonly<Record<string, Pick<UpstreamProxy, 'speaks' | 'resolves' | 'port'>>> = {
  'http:': { speaks: 'http', resolves: true, port: 80 },
  'https:': { speaks: 'https', resolves: true, port: 443 },
  // As in curl: socks5 resolves here, socks5h there.
  'socks5:': { speaks: 'socks', resolves: false, port: 1080 },
  'socks5h:': { speaks: 'socks', resolves: true, port: 1080 },
};

/** @throws ForetasteError `config` where `url` names no proxy that can be spoken to */
export function proxyOf(url: string): UpstreamProxy {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const scheme = SCHEMES[parsed?.protocol ?? ''];
  const host = parsed === undefined ? undefined : canonicalHost(parsed.hostname);
  if (parsed === undefined || scheme === undefined || host === undefined) {
    throw new ForetasteError(
      'config',
      `Expected an http, https, socks5 or socks5h URL but received ${url}.`,
      {
        where: 'perspectives.proxy',
      },
    );
  }
  return {
    ...scheme,
    host,
    port: parsed.port === '' ? scheme.port : Number(parsed.port),
    credentials:
      parsed.username === ''
        ? undefined
        : { user: decodeURIComponent(parsed.username), password: decodeURIComponent(parsed.password) },
  };
}

function throughProxy(
  proxy: UpstreamProxy,
  { gate, names, context }: { gate: Gate; names: Names; context: () => SecureContext },
): Route {
  const { speaks, credentials } = proxy;
  return {
    async open(host, port, { signal, timeout }) {
      const destination = await destinationOf(host, port, proxy, gate, names);
      // The proxy itself is the operator's choice and may be private; only what lies behind it passes the gate.
      const addresses = isIP(proxy.host) === 0 ? await names.resolve(proxy.host) : [proxy.host];
      const tcp = await dial(addresses, proxy.port, { signal, timeout });
      const socket =
        speaks === 'https'
          ? await secure(tcp, { host: proxy.host, alpn: ['http/1.1'], context: context(), timeout, signal })
          : tcp;
      const octets = octetsOf(socket, { timeout, signal, where: `the proxy ${proxy.host}:${proxy.port}` });
      try {
        if (speaks === 'socks') await connectThroughSocks(socket, octets, destination, credentials);
        else {
          const authority = `${destination.host.includes(':') ? `[${destination.host}]` : destination.host}:${port}`;
          const login =
            credentials && Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64');
          socket.write(
            `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${login === undefined ? '' : `Proxy-Authorization: Basic ${login}\r\n`}\r\n`,
          );
          const answer = (await octets.takeThrough('\r\n\r\n', LONGEST_ANSWER)).toString('latin1');
          if (!/^HTTP\/1\.[01] 2\d\d\b/.test(answer)) {
            throw new ForetasteError(
              'connection-refused',
              `Expected the proxy to connect to ${authority} but received ${JSON.stringify(answer.slice(0, 60))}.`,
            );
          }
        }
      } catch (error) {
        socket.destroy();
        throw error;
      } finally {
        octets.release();
      }
      return socket;
    },
  };
}

/** What to ask the proxy for. Where it resolves itself, a name that leads to a prohibited address here is refused all the same. */
async function destinationOf(
  host: string,
  port: number,
  proxy: UpstreamProxy,
  gate: Gate,
  names: Names,
): Promise<{ host: string; port: number }> {
  try {
    const [address = host] = await gate.permit(host, port, names);
    if (!proxy.resolves) return { host: address, port };
  } catch (error) {
    const unresolved =
      error instanceof ForetasteError && (error.code === 'dns-error' || error.code === 'dns-timeout');
    if (!proxy.resolves || !unresolved) throw error;
  }
  return { host: canonicalHost(host) ?? host, port };
}
