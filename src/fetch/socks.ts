/** SOCKS5 to a destination, with and without user name and password. */
import { isIP, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ForetasteError } from '../domain/index.ts';
import type { Octets } from './octets.ts';

const VERSION = 5;
const NO_AUTHENTICATION = 0;
const PASSWORD = 2;

/** Replies of RFC 1928, section 6, by number. */
const REPLIES = [
  'succeeded',
  'general failure',
  'not allowed by its rules',
  'network unreachable',
  'host unreachable',
  'connection refused',
  'TTL expired',
  'command not supported',
  'address type not supported',
];

/**
 * Ask the SOCKS5 server at the other end of `socket` for a connection; the socket carries it afterwards.
 * @see RFC 1928, RFC 1929
 * @throws ForetasteError `connection-refused` where the server says no, `connection-terminated` where it speaks otherwise
 */
export async function connectThroughSocks(
  socket: Socket,
  octets: Octets,
  destination: { host: string; port: number },
  credentials: { user: string; password: string } | undefined,
): Promise<void> {
  const methods = credentials === undefined ? [NO_AUTHENTICATION] : [NO_AUTHENTICATION, PASSWORD];
  socket.write(Buffer.from([VERSION, methods.length, ...methods]));
  const [version, method] = await octets.take(2);
  if (version !== VERSION) throw unexpected('SOCKS version 5', version);
  if (method === PASSWORD && credentials !== undefined) {
    socket.write(Buffer.concat([Buffer.from([1]), counted(credentials.user), counted(credentials.password)]));
    const [, status] = await octets.take(2);
    if (status !== 0)
      throw new ForetasteError('connection-refused', 'The SOCKS server refused the password.');
  } else if (method !== NO_AUTHENTICATION) {
    throw new ForetasteError(
      'connection-refused',
      'The SOCKS server accepts no authentication that is configured.',
    );
  }
  const port = Buffer.alloc(2);
  port.writeUInt16BE(destination.port);
  socket.write(Buffer.concat([Buffer.from([VERSION, 1, 0]), addressOctets(destination.host), port]));
  const [replied, reply = 1, , kind] = await octets.take(4);
  if (replied !== VERSION) throw unexpected('SOCKS version 5', replied);
  if (reply !== 0) {
    throw new ForetasteError(
      'connection-refused',
      `Expected the SOCKS server to reach ${destination.host}:${destination.port} but: ${REPLIES[reply] ?? `reply ${reply}`}.`,
    );
  }
  // The address it is bound to: nothing we use, but it has to be read.
  if (kind === 1) await octets.take(4 + 2);
  else if (kind === 4) await octets.take(16 + 2);
  else if (kind === 3) await octets.take(((await octets.take(1))[0] ?? 0) + 2);
  else throw unexpected('an address type', kind);
}

function addressOctets(host: string): Buffer {
  if (isIP(host) === 0) return Buffer.concat([Buffer.from([3]), counted(host)]);
  const parsed = ipaddr.parse(host);
  return Buffer.from([parsed.kind() === 'ipv4' ? 1 : 4, ...parsed.toByteArray()]);
}

function counted(text: string): Buffer {
  const octets = Buffer.from(text);
  if (octets.length > 255) {
    throw new ForetasteError(
      'config',
      `Expected at most 255 octets for SOCKS but received ${octets.length}.`,
    );
  }
  return Buffer.concat([Buffer.from([octets.length]), octets]);
}

const unexpected = (expected: string, received: number | undefined): ForetasteError =>
  new ForetasteError(
    'connection-terminated',
    `Expected ${expected} but received ${received} from the SOCKS server.`,
  );
