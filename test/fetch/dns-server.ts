/** A DNS server of a few lines: answers A, AAAA and NS queries from a table, over UDP on loopback. */
import { createSocket } from 'node:dgram';
import ipaddr from 'ipaddr.js';
import { onTestFinished } from 'vitest';

export interface DnsServer {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  /** Names asked for with their type, in order. */
  readonly asked: string[];
}

const TYPES = { 1: 'ipv4', 28: 'ipv6' } as const;
const NAMES = { 1: 'A', 28: 'AAAA', 2: 'NS' } as const;
const NXDOMAIN = 3;

/** A name as DNS carries it: labels with their lengths. */
const wireName = (name: string): Buffer =>
  Buffer.concat([
    ...name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ]);

/** Answers each name with its addresses for `ttl` seconds; a name that is missing does not exist. */
export async function dnsServer(
  zone: Record<string, { ttl: number; addresses?: string[]; nameServers?: string[] }>,
): Promise<DnsServer> {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, peer) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const question = query.subarray(12, at + 5);
    const type = query.readUInt16BE(at + 1);
    const name = labels.join('.').toLowerCase();
    asked.push(`${name} ${NAMES[type as keyof typeof NAMES] ?? type}`);
    const entry = zone[name];
    const kind = type === 1 || type === 28 ? TYPES[type] : undefined;
    const addresses = (entry?.addresses ?? [])
      .map((text) => ipaddr.parse(text))
      .filter((parsed) => parsed.kind() === kind)
      .map((parsed) => Buffer.from(parsed.toByteArray()));
    const records = type === 2 ? (entry?.nameServers ?? []).map(wireName) : addresses;
    const header = Buffer.alloc(12);
    header.writeUInt16BE(query.readUInt16BE(0), 0);
    header.writeUInt16BE(0x8580 | (entry === undefined ? NXDOMAIN : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    const answers = records.map((octets) => {
      const answer = Buffer.alloc(12);
      answer.writeUInt16BE(0xc00c, 0);
      answer.writeUInt16BE(type, 2);
      answer.writeUInt16BE(1, 4);
      answer.writeUInt32BE(entry?.ttl ?? 0, 6);
      answer.writeUInt16BE(octets.length, 10);
      return Buffer.concat([answer, octets]);
    });
    socket.send(Buffer.concat([header, question, ...answers]), peer.port, peer.address);
  });
  await new Promise<void>((resolve) => {
    socket.bind(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    socket.close();
  });
  return { address: `127.0.0.1:${socket.address().port}`, asked };
}
