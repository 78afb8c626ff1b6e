/** A DNS server of a few lines: answers A and AAAA queries from a table, over UDP on loopback. */
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
const NXDOMAIN = 3;

/** Answers each name with its addresses for `ttl` seconds; a name that is missing does not exist. */
export async function dnsServer(
  zone: Record<string, { ttl: number; addresses: string[] }>,
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
    asked.push(`${name} ${type === 1 ? 'A' : 'AAAA'}`);
    const entry = zone[name];
    const kind = type === 1 || type === 28 ? TYPES[type] : undefined;
    const records = (entry?.addresses ?? [])
      .map((text) => ipaddr.parse(text))
      .filter((parsed) => parsed.kind() === kind);
    const header = Buffer.alloc(12);
    header.writeUInt16BE(query.readUInt16BE(0), 0);
    header.writeUInt16BE(0x8580 | (entry === undefined ? NXDOMAIN : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    const answers = records.map((record) => {
      const octets = record.toByteArray();
      const answer = Buffer.alloc(12);
      answer.writeUInt16BE(0xc00c, 0);
      answer.writeUInt16BE(type, 2);
      answer.writeUInt16BE(1, 4);
      answer.writeUInt32BE(entry?.ttl ?? 0, 6);
      answer.writeUInt16BE(octets.length, 10);
      return Buffer.concat([answer, Buffer.from(octets)]);
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
