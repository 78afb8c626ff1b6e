/** The one gate to the network: every connection a crawler causes is opened here, on an address that was looked at. */
import { isIP, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { ForetasteError, type Milliseconds, type Signal } from '../domain/index.ts';
import {
  canonicalAddress,
  canonicalHost,
  isLiteral,
  isRange,
  matchHost,
  parseRange,
  prohibitedRange,
} from './address.ts';
import { dial } from './dial.ts';
import { createNames, type Names } from './names.ts';

export interface ConnectOptions {
  /** Address to leave from; destinations of its own family only. */
  readonly localAddress?: string;
  readonly signal?: Signal;
  readonly timeout?: Milliseconds;
  /** Whose DNS cache; the gate's own when absent. */
  readonly names?: Names;
}

export interface Gate {
  /**
   * Addresses of a host that may be dialled, in the order to try them; never empty.
   * @throws ForetasteError `destination-prohibited`, `dns-error`, `dns-timeout`
   */
  permit(host: string, port: number, names?: Names): Promise<readonly string[]>;
  /**
   * Open a TCP connection (no delay set) to an address that policy permits, whatever DNS says next.
   * @throws ForetasteError as `permit`, and `connection-refused`, `connection-timeout`, `connection-terminated`
   */
  connect(host: string, port: number, options?: ConnectOptions): Promise<Socket>;
}

/** Connecting: 10 s, the longest that an audit waits for anything. */
const CONNECT_TIMEOUT: Milliseconds = 10_000;
/**
 * Build the gate. `allow` opens ranges that are closed by nature (loopback on a test bench), `deny` closes ranges and
 * host patterns and wins over `allow`; `own` names this guard's listeners, which nothing opens.
 * @throws ForetasteError `config` where `allow` has what is no range
 */
export function createGate(options: {
  allow: readonly string[];
  deny: readonly string[];
  own: () => ReadonlyArray<{ readonly host: string; readonly port: number }>;
}): Gate {
  const bad = options.allow.find((entry) => !isRange(entry));
  if (bad !== undefined) {
    throw new ForetasteError('config', `Expected a CIDR in destinations.allow but received ${bad}.`, {
      where: 'destinations.allow',
    });
  }
  const allowed = options.allow.map(parseRange);
  const denied = options.deny.filter(isRange).map(parseRange);
  const deniedHosts = options.deny.filter((entry) => !isRange(entry)).map(matchHost);
  const ownNames = createNames({ clock: Date.now });

  /** Why `address` must not be dialled; undefined when it may. */
  const objection = (address: string, port: number): string | undefined => {
    if (denied.some((matches) => matches(address))) return 'denied by configuration';
    if (options.own().some((listener) => listener.port === port && reaches(address, listener.host))) {
      return "this guard's own listener";
    }
    const range = prohibitedRange(address);
    if (range === undefined || allowed.some((matches) => matches(address))) return undefined;
    return `in the ${range} range`;
  };

  const permit: Gate['permit'] = async (host, port, names = ownNames) => {
    const name = canonicalHost(host);
    if (name === undefined) throw prohibited(`Expected a host name or address but received ${host}.`);
    if (deniedHosts.some((matches) => matches(name))) {
      throw prohibited(`Expected a destination that policy permits but ${name} is denied by configuration.`);
    }
    const addresses = isLiteral(name) ? [canonicalAddress(name)] : await names.resolve(name);
    const permitted = addresses.filter((address) => objection(address, port) === undefined);
    if (permitted.length > 0) return permitted;
    const [first = name] = addresses;
    throw prohibited(
      `Expected a destination that policy permits but ${name}:${port} is ${first}, ${objection(first, port)}.`,
    );
  };

  return {
    permit,
    async connect(host, port, { localAddress, signal, timeout = CONNECT_TIMEOUT, names } = {}) {
      const permitted = await permit(host, port, names);
      const family = localAddress === undefined ? 0 : isIP(localAddress);
      const addresses = permitted.filter((address) => family === 0 || isIP(address) === family);
      if (addresses.length === 0) {
        throw new ForetasteError(
          'connection-refused',
          `Expected an IPv${family} address of ${host} to reach from ${localAddress} but it has none.`,
        );
      }
      const socket = await dial(addresses, port, { localAddress, signal, timeout });
      // What was dialled is what was looked at; this holds even if a platform redirects below us.
      const reached = socket.remoteAddress === undefined ? undefined : canonicalAddress(socket.remoteAddress);
      const reason = reached === undefined ? undefined : objection(reached, port);
      if (reason !== undefined) {
        socket.destroy();
        throw prohibited(
          `Expected a destination that policy permits but ${host}:${port} is ${reached}, ${reason}.`,
        );
      }
      return socket;
    },
  };
}

const prohibited = (message: string): ForetasteError => new ForetasteError('destination-prohibited', message);

/** Whether dialling `address` arrives at something bound to `bound`. */
function reaches(address: string, bound: string): boolean {
  if (isIP(bound) === 0) return bound === 'localhost' && prohibitedRange(address) === 'loopback';
  const listener = canonicalAddress(bound);
  if (prohibitedRange(listener) !== 'unspecified') return address === listener || isUnspecified(address);
  // Bound everywhere: any address of this machine leads there.
  return (
    isUnspecified(address) ||
    prohibitedRange(address) === 'loopback' ||
    Object.values(networkInterfaces()).some((addresses) => addresses?.some((own) => own.address === address))
  );
}

/** Dialling 0.0.0.0 or :: arrives at loopback on most systems. */
const isUnspecified = (address: string): boolean => prohibitedRange(address) === 'unspecified';
