/** A TLS ClientHello as a fingerprinting server reads it: enough to tell clients apart, not a JA4. */
import { createHash } from 'node:crypto';

export interface ClientHello {
  readonly ciphers: readonly number[];
  readonly extensions: readonly number[];
  readonly alpn: readonly string[];
  /** Over ciphers and sorted extensions without GREASE; browsers shuffle extensions. */
  readonly fingerprint: string;
}

const isGrease = (value: number): boolean => (value & 0x0f0f) === 0x0a0a;

/** Read a ClientHello from the first TLS record of a connection; undefined where it is none. @see RFC 8446, 4.1.2 */
export function readClientHello(record: Buffer): ClientHello | undefined {
  try {
    return parse(record);
  } catch (error) {
    // The first segment did not hold all of it.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function parse(record: Buffer): ClientHello | undefined {
  if (record.readUInt8(0) !== 22 || record.readUInt8(5) !== 1) return undefined;
  let at = 5 + 4 + 2 + 32;
  at += 1 + record.readUInt8(at);
  const ciphersEnd = at + 2 + record.readUInt16BE(at);
  const ciphers = pairs(record, at + 2, ciphersEnd);
  at = ciphersEnd;
  at += 1 + record.readUInt8(at);
  const end = at + 2 + record.readUInt16BE(at);
  at += 2;
  const extensions: number[] = [];
  let alpn: string[] = [];
  while (at < end) {
    const type = record.readUInt16BE(at);
    const length = record.readUInt16BE(at + 2);
    extensions.push(type);
    if (type === 16) alpn = names(record, at + 6, at + 4 + length);
    at += 4 + length;
  }
  const told = [
    ciphers.filter((value) => !isGrease(value)),
    extensions.filter((value) => !isGrease(value)).sort((a, b) => a - b),
  ];
  const fingerprint = createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 12);
  return { ciphers, extensions, alpn, fingerprint };
}

function pairs(record: Buffer, from: number, to: number): number[] {
  return Array.from({ length: (to - from) / 2 }, (_, index) => record.readUInt16BE(from + index * 2));
}

function names(record: Buffer, from: number, to: number): string[] {
  const found: string[] = [];
  for (let at = from; at < to; at += 1 + record.readUInt8(at)) {
    found.push(record.toString('latin1', at + 1, at + 1 + record.readUInt8(at)));
  }
  return found;
}
