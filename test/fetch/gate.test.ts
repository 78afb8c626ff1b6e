/** The gate: what is refused, on the address that is really used. */
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createGate } from '../../src/fetch/gate.ts';
import type { Names } from '../../src/fetch/names.ts';
import { rawOrigin } from './kit.ts';

const closed = createGate({ allow: [], deny: [], own: () => [] });
const resolvingTo = (...addresses: string[]): Names => ({ resolve: async () => addresses });
const prohibited = { code: 'destination-prohibited' };

describe('without configuration', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '0x7f.1',
    '017700000001',
    '2130706433',
    '0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:a9fe:a9fe]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    'localhost',
    'LOCALHOST.',
    'a.localhost',
    '169.254.169.254',
    '10.1.2.3',
    '[fe80::1%25lo]',
    '1.2.3.4.5',
  ])('%s is refused', async (host) => {
    await expect(closed.connect(host, 80)).rejects.toMatchObject(prohibited);
  });

  it('a name that leads to a private address is refused', async () => {
    await expect(
      closed.connect('rebind.example.org', 80, { names: resolvingTo('127.0.0.1') }),
    ).rejects.toMatchObject(prohibited);
  });

  it('of a name with public and private addresses only the public ones are dialled', async () => {
    const names = resolvingTo('10.0.0.1', '93.184.216.34', '::1');
    expect(await closed.permit('mixed.example.org', 80, names)).toEqual(['93.184.216.34']);
  });

  it('the refusal names the address and its range', async () => {
    await expect(closed.permit('rebind.example.org', 80, resolvingTo('169.254.169.254'))).rejects.toThrow(
      'rebind.example.org:80 is 169.254.169.254, in the linkLocal range',
    );
  });
});

describe('with configuration', () => {
  it('allow opens a range', async () => {
    const origin = await rawOrigin(() => '');
    const gate = createGate({ allow: ['127.0.0.0/8'], deny: [], own: () => [] });
    const socket = await gate.connect('localhost', origin.port);
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });

  it('deny wins over allow, for ranges and for hosts', async () => {
    const gate = createGate({
      allow: ['127.0.0.0/8'],
      deny: ['127.0.0.2', '93.184.216.0/24', '*.blocked.example'],
      own: () => [],
    });
    await expect(gate.permit('127.0.0.2', 80)).rejects.toMatchObject(prohibited);
    await expect(gate.permit('93.184.216.34', 80)).rejects.toMatchObject(prohibited);
    await expect(gate.permit('a.blocked.example.', 80, resolvingTo('1.1.1.1'))).rejects.toMatchObject(
      prohibited,
    );
    await expect(gate.permit('A.BLOCKED.example', 80, resolvingTo('1.1.1.1'))).rejects.toMatchObject(
      prohibited,
    );
    expect(await gate.permit('127.0.0.3', 80)).toEqual(['127.0.0.3']);
  });

  it('what is no range in allow is a configuration error', () => {
    expect(() => createGate({ allow: ['lab.example'], deny: [], own: () => [] })).toThrow(
      'destinations.allow',
    );
  });
});

describe("this guard's own listeners", () => {
  const own = createGate({
    allow: ['127.0.0.0/8', '0.0.0.0/8', '::/8'],
    deny: [],
    own: () => [
      { host: '127.0.0.1', port: 8080 },
      { host: '0.0.0.0', port: 8081 },
    ],
  });

  it.each([
    ['127.0.0.1', 8080],
    ['[::ffff:127.0.0.1]', 8080],
    ['0.0.0.0', 8080],
    ['127.0.0.9', 8081],
    ['localhost', 8081],
  ])('%s:%d is refused although the range is allowed', async (host, port) => {
    await expect(own.permit(host, port)).rejects.toMatchObject(prohibited);
  });

  it('another port or another address of the same range is not one of them', async () => {
    expect(await own.permit('127.0.0.1', 9999)).toEqual(['127.0.0.1']);
    expect(await own.permit('127.0.0.2', 8080)).toEqual(['127.0.0.2']);
  });
});

describe('connecting', () => {
  const gate = createGate({ allow: ['127.0.0.0/8', '::1'], deny: [], own: () => [] });

  it('leaves from the local address', async () => {
    const seen = Promise.withResolvers<string | undefined>();
    const server = createServer((socket) => {
      seen.resolve(socket.remoteAddress);
      socket.destroy();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => {
      server.close();
    });
    const { port } = server.address() as { port: number };
    const socket = await gate.connect('127.0.0.1', port, { localAddress: '127.0.0.7' });
    expect(await seen.promise).toBe('127.0.0.7');
    socket.destroy();
  });

  it('tries the next address where the first refuses', async () => {
    const origin = await rawOrigin(() => '', { host: '127.0.0.4' });
    const names = resolvingTo('127.0.0.5', '127.0.0.4');
    const socket = await gate.connect('two.example', origin.port, { names });
    expect(socket.remoteAddress).toBe('127.0.0.4');
    socket.destroy();
  });

  it('says who refused', async () => {
    await expect(gate.connect('127.0.0.1', 1)).rejects.toMatchObject({ code: 'connection-refused' });
  });

  it('ends with its signal', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(gate.connect('127.0.0.1', 1, { signal: controller.signal })).rejects.toMatchObject({
      code: 'connection-terminated',
    });
  });
});
