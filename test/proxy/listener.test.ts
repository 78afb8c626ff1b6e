/** The listener: who may ask, its own page, upgrades, tunnels left unread, impatience, and a quiet end. */
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { dialRaw, exchangeRaw, openStage, readUntil, type Stage, type StageOptions } from './stage.ts';

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

const open = async (
  answer: Parameters<typeof openStage>[0] = (_request, response) => response.end('content'),
  options: StageOptions = {},
): Promise<Stage> => {
  stage = await openStage(answer, options);
  return stage;
};
const get = (url: string, fields = ''): string =>
  `GET ${url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${fields}\r\n`;
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('authentication', () => {
  const users = [
    { name: 'ann', password: 'open: sesame' },
    { name: 'bob', password: 'pässword' },
  ];
  const basic = (credentials: string): string =>
    `Proxy-Authorization: Basic ${Buffer.from(credentials).toString('base64')}\r\n`;

  it('strangers get 407 and how to say who they are; nothing is fetched for them', async () => {
    const { proxy, origin, exchanges } = await open(undefined, { users });
    for (const fields of [
      '',
      basic('ann:wrong'),
      basic('eve:open: sesame'),
      'Proxy-Authorization: Bearer x\r\n',
    ]) {
      const answer = await exchangeRaw(proxy.port, get(`${origin}/`, fields));
      expect(answer).toMatch(/^HTTP\/1\.1 407 Proxy Authentication Required\r\n/);
      expect(answer).toMatch(/\r\nProxy-Authenticate: Basic realm="foretaste", charset="UTF-8"\r\n/);
    }
    expect(exchanges).toEqual([]);
  });

  it.each(['ann:open: sesame', 'bob:pässword'])('%s may ask', async (credentials) => {
    const { proxy, origin } = await open(undefined, { users });
    expect(await exchangeRaw(proxy.port, get(`${origin}/`, basic(credentials)))).toMatch(/content$/);
  });

  it('a tunnel is asked for once, at CONNECT', async () => {
    const { proxy, port } = await open(undefined, { users });
    const connect = (fields: string): string =>
      `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\n${fields}\r\n`;
    const inside = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    expect(await exchangeRaw(proxy.port, connect('Connection: close\r\n'))).toMatch(/^HTTP\/1\.1 407 /);
    expect(await exchangeRaw(proxy.port, connect(basic('ann:open: sesame')) + inside)).toMatch(
      /^HTTP\/1\.1 200 Connection established\r\n\r\nHTTP\/1\.1 200 OK\r\n[\s\S]*content$/,
    );
  });
});

describe('the page at foretaste.local', () => {
  it.each([
    ['/', 'text/html; charset=utf-8', /foretaste\.pem/],
    ['/foretaste.pem', 'application/x-pem-file', /BEGIN CERTIFICATE/],
    ['/foretaste.der', 'application/x-x509-ca-cert', /^0/],
    ['/proxy.pac', 'application/x-ns-proxy-autoconfig', /PROXY 127\.0\.0\.1:\d+/],
  ])('%s is %s', async (path, type, content) => {
    const { proxy, exchanges } = await open();
    const answer = await exchangeRaw(proxy.port, get(`http://foretaste.local${path}`));
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain(`\r\nContent-Type: ${type}\r\n`);
    expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toMatch(content);
    expect(exchanges).toEqual([]);
  });

  it('other paths are not there', async () => {
    const { proxy } = await open();
    expect(await exchangeRaw(proxy.port, get('http://foretaste.local/key'))).toMatch(/^HTTP\/1\.1 404 /);
  });
});

describe('upgrades', () => {
  const handshake =
    'GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
  /** A masked text frame, and the same as a server sends it. */
  const frame = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]);

  it('a WebSocket is joined through a tunnel, with a verdict on the 101', async () => {
    const sockets = new WebSocketServer({ noServer: true });
    const { proxy, port, server } = await open();
    server.on('upgrade', (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (client) =>
        client.on('message', (data) => client.send(String(data))),
      ),
    );
    const socket = dialRaw(proxy.port, `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\n\r\n${handshake}`);
    socket.write(frame);
    const answer = await readUntil(socket, (text) => text.endsWith('\x81\x02hi'));
    expect(answer).toMatch(/\r\n\r\nHTTP\/1\.1 101 Switching Protocols\r\n/);
    expect(answer).toMatch(/\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/);
    expect(answer).toMatch(/\r\nForetaste-Verdict: unverified;action=pass;id="/);
  });

  it('an origin that does not upgrade is asked again without, and judged', async () => {
    const { proxy, origin, exchanges } = await open();
    const answer = await exchangeRaw(
      proxy.port,
      handshake
        .replace('/chat', `${origin}/chat`)
        .replace('Connection: Upgrade', 'Connection: Upgrade, close'),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toMatch(/content$/);
    expect(exchanges).toHaveLength(1);
  });

  it('an upgrade to HTTP/2 in cleartext is not granted, and the request is served', async () => {
    const { proxy, origin } = await open();
    const fields =
      'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n';
    expect(await exchangeRaw(proxy.port, get(`${origin}/`, fields))).toMatch(
      /^HTTP\/1\.1 200 OK\r\n[\s\S]*content$/,
    );
  });
});

describe('tunnels left unread', () => {
  it('an excluded host is joined as it is, and recorded', async () => {
    const { proxy, port, exchanges } = await open(undefined, { exclude: ['127.0.0.1'] });
    const answer = await exchangeRaw(
      proxy.port,
      `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\n\r\nGET /unread HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/content$/);
    expect(answer).not.toMatch(/foretaste/i);
    expect(exchanges).toEqual([]);
  });

  it('an excluded host that is prohibited is not reached', async () => {
    const { proxy } = await open(undefined, { exclude: ['10.0.0.1'] });
    const answer = await exchangeRaw(
      proxy.port,
      'CONNECT 10.0.0.1:80 HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\n\r\n',
    );
    expect(answer).toBe('HTTP/1.1 200 Connection established\r\n\r\n');
  });
});

describe('leaving', () => {
  it('a client that goes away ends the fetch made for it', async () => {
    const { proxy, origin, signals } = await open(() => undefined);
    const socket = dialRaw(proxy.port, get(`${origin}/slow`));
    await until(() => signals.length === 1);
    expect(signals[0]?.aborted).toBe(false);
    socket.resetAndDestroy();
    await until(() => signals[0]?.aborted === true);
  });

  it('a drain lets the answer under way be finished, and closes idle connections', async () => {
    let release: (() => void) | undefined;
    const { proxy, origin } = await open((_request, response) => {
      release = () => response.end('late content');
    });
    const idle = dialRaw(proxy.port, '');
    const busy = exchangeRaw(proxy.port, `GET ${origin}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
    await until(() => release !== undefined);
    const closed = proxy.close();
    expect(await readUntil(idle, () => false)).toBe('');
    release?.();
    expect(await busy).toMatch(/\r\nConnection: close\r\n[\s\S]*late content$/);
    await closed;
  });

  it('a head that is not finished in time is 408; an idle connection is closed without a word', async () => {
    let late = 0;
    const { proxy } = await open(undefined, { clock: () => Date.now() + late });
    const slow = exchangeRaw(proxy.port, 'GET http://a/ HTTP/1.1\r\nX-A');
    const idle = exchangeRaw(proxy.port, '');
    await new Promise((resolve) => setTimeout(resolve, 50));
    late = 3_600_000;
    expect(await slow).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(await idle).toBe('');
  });
});

describe('streaming', () => {
  it('observe mode delivers at once and says pending', async () => {
    let release: (() => void) | undefined;
    const { proxy, origin } = await open(
      (_request, response) => {
        response.write('first ');
        release = () => response.end('last');
      },
      { mode: 'observe' },
    );
    const socket = dialRaw(proxy.port, get(`${origin}/`));
    let seen = '';
    socket.on('data', (data) => {
      seen += data.toString('latin1');
    });
    await until(() => seen.includes('first '));
    expect(seen).toMatch(/\r\nForetaste-Verdict: pending;id="[0-9A-Z]{26}"\r\n/);
    release?.();
    await until(() => seen.endsWith('4\r\nlast\r\n0\r\n\r\n'));
  });

  it('observe mode answers a range from the stream', async () => {
    const { proxy, origin } = await open(
      (_request, response) => response.writeHead(200, { 'Content-Length': 10 }).end('0123456789'),
      { mode: 'observe' },
    );
    const answer = await exchangeRaw(proxy.port, get(`${origin}/`, 'Range: bytes=2-4\r\n'));
    expect(answer).toMatch(/^HTTP\/1\.1 206 Partial Content\r\n[\s\S]*\r\n\r\n234$/);
  });

  it('content over the limit is streamed, unverified', async () => {
    const { proxy, origin } = await open((_request, response) => response.end(Buffer.alloc(500_000, 'z')), {
      limits: { body: 100_000 },
    });
    const answer = await exchangeRaw(proxy.port, get(`${origin}/`));
    expect(answer).toMatch(/\r\nForetaste-Verdict: unverified;action=pass;id="/);
    expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toBe('z'.repeat(500_000));
  });
});
