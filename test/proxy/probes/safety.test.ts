/** Where nobody may get through the proxy: every spelling of an address, every way there, asked for in the clear and in a tunnel. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGate } from '../../../src/fetch/gate.ts';
import { exchangeRaw, openStage, type Stage } from '../stage.ts';

let closed: Stage;
let open: Stage;
beforeAll(async () => {
  closed = await openStage((_request, response) => response.end('reached'), { allow: [] });
  open = await openStage((request, response) => {
    if (request.url?.startsWith('/away'))
      response.writeHead(302, { Location: `http://127.0.0.1:${closed.port}/` });
    response.end('reached');
  });
});
afterAll(async () => {
  await closed.close();
  await open.close();
});

const inTheClear = (stage: Stage, host: string): Promise<string> =>
  exchangeRaw(stage.proxy.port, `GET http://${host}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
const inATunnel = (stage: Stage, host: string): Promise<string> =>
  exchangeRaw(
    stage.proxy.port,
    `CONNECT ${host} HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  );
const REFUSED = /HTTP\/1\.1 403 Forbidden\r\n[\s\S]*Proxy-Status: foretaste;error=destination_ip_prohibited/;

/** One address each of what is not the public internet, in the spellings that readers of addresses disagree about. */
const SPELLINGS = {
  loopback: [
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '127.255.255.254',
    '127.0.0.1.',
  ],
  'this host': ['0', '0.0.0.0', '[::]'],
  'names of loopback': [
    'localhost',
    'LOCALHOST',
    'localhost.',
    'a.localhost',
    'a.b.localhost.',
    'ip6-localhost.localhost',
  ],
  private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '0xa000001', '167772161'],
  'carrier-grade NAT': ['100.64.0.1', '100.127.255.255'],
  'link-local and metadata': [
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '[fe80::1]',
    '[fd00:ec2::254]',
  ],
  'IPv6 loopback': ['[::1]', '[0:0:0:0:0:0:0:1]', '[0000::0001]'],
  'unique local': ['[fc00::1]', '[fdff::1]'],
  multicast: ['224.0.0.1', '239.255.255.255', '[ff02::1]'],
  'reserved and documentation': [
    '240.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '198.18.0.1',
    '[2001:db8::1]',
  ],
  'IPv4 in IPv6': [
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::ffff:10.0.0.1]',
    '[::127.0.0.1]',
    '[::ffff:0:127.0.0.1]',
  ],
  '6to4': ['[2002:7f00:1::]', '[2002:a00:1::1]', '[2002:a9fe:a9fe::]'],
  NAT64: ['[64:ff9b::127.0.0.1]', '[64:ff9b::a9fe:a9fe]', '[64:ff9b:1::1]'],
  Teredo: ['[2001:0:1::1]'],
} as const;

describe.each(Object.entries(SPELLINGS))('%s', (_range, hosts) => {
  it.each(hosts)('%s is refused, in the clear and in a tunnel', async (host) => {
    expect(await inTheClear(closed, `${host}:${closed.port}`)).toMatch(REFUSED);
    expect(await inATunnel(closed, `${host}:${closed.port}`)).toMatch(REFUSED);
  });
});

describe('the proxy itself', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '0x7f.1',
    '2130706433',
    'localhost',
    'localhost.',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
  ])('is not reached through itself as %s, although loopback is allowed', async (host) => {
    expect(await inTheClear(open, `${host}:${open.proxy.port}`)).not.toMatch(/^HTTP\/1\.1 200 /);
    expect(await inATunnel(open, `${host}:${open.proxy.port}`)).not.toMatch(/HTTP\/1\.1 200 OK/);
    expect(open.exchanges.length).toBeGreaterThan(0);
  });
});

describe('ways there', () => {
  it('a redirect is handed to the client, who asks again and is refused', async () => {
    const answer = await inTheClear(open, `127.0.0.1:${open.port}/away?`);
    expect(answer).toMatch(/^HTTP\/1\.1 302 Found\r\n/);
    expect(await inTheClear(closed, /Location: http:\/\/([^/]+)\//i.exec(answer)?.[1] ?? '')).toMatch(
      REFUSED,
    );
  });

  it('a name that answers with a public address first and a private one later is refused later', async () => {
    const answers = [['93.184.216.34'], ['127.0.0.1']];
    const gate = createGate({ allow: [], deny: [], own: () => [] });
    const names = { resolve: async () => answers.shift() ?? [] };
    expect(await gate.permit('rebind.example.org', 80, names)).toEqual(['93.184.216.34']);
    await expect(gate.permit('rebind.example.org', 80, names)).rejects.toMatchObject({
      code: 'destination-prohibited',
    });
  });

  it('what is dialled is the address that was looked at, not the name again', async () => {
    const server = createServer((_request, response) => response.end('reached')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    let asked = 0;
    const gate = createGate({ allow: ['127.0.0.0/8'], deny: [], own: () => [] });
    const socket = await gate.connect('rebind.example.org', port, {
      names: {
        resolve: async () => {
          asked += 1;
          return asked === 1 ? ['127.0.0.1'] : ['10.0.0.1'];
        },
      },
    });
    expect([socket.remoteAddress, asked]).toEqual(['127.0.0.1', 1]);
    socket.destroy();
    server.close();
  });
});
