/** Proxy authentication: Basic (RFC 7617), compared in constant time. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { type Fields, field } from '../domain/exchange.ts';

export interface ProxyUser {
  readonly name: string;
  readonly password: string;
}

export const CHALLENGE: Fields = [['Proxy-Authenticate', 'Basic realm="foretaste", charset="UTF-8"']];

/** Whether a request's Proxy-Authorization names one of the users. Without users everybody may. */
export function createProxyAuthentication(users: readonly ProxyUser[]): (fields: Fields) => boolean {
  if (users.length === 0) return () => true;
  const known = users.map(({ name, password }) => sha256(Buffer.from(`${name}:${password}`)));
  return (fields) => {
    const match = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(field(fields, 'proxy-authorization') ?? '');
    if (match === null) return false;
    // Digests have one length, and every user is compared: time tells neither which one nor how much was right.
    const given = sha256(Buffer.from(match[1] ?? '', 'base64'));
    return known.reduce((found, user) => timingSafeEqual(user, given) || found, false);
  };
}

const sha256 = (octets: Buffer): Buffer => createHash('sha256').update(octets).digest();
