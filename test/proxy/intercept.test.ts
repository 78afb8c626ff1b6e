/** Tunnels: TLS taken off, HTTP read inside, everything else refused; HTTP/2 on both sides of the sniffing. */
import { type ClientHttp2Session, connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestAuthority } from '../origin/authority.ts';
import { dialRaw, openStage, readUntil, type Stage } from './stage.ts';

let stage: Stage;
let origin: ReturnType<typeof createTlsServer>;
let port: number;
let received: string[] = [];

beforeAll(async () => {
  const authority = await createTestAuthority();
  origin = createTlsServer(
    {
      ...authority.byAddress,
      SNICallback: (name, give) => void authority.contextFor(name).then((made) => give(null, made)),
    },
    (request, response) => {
      received = request.rawHeaders;
      const size = Number(/^\/(\d+)$/.exec(request.url ?? '')?.[1] ?? 0);
      response.setHeader('Set-Cookie', ['a=1', 'b=2']);
      response.end(size > 0 ? Buffer.alloc(size, 'x') : `secure ${request.url}`);
    },
  );
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
  port = (origin.address() as AddressInfo).port;
  stage = await openStage((request, response) => response.end(`plain ${request.url}`), {
    upstreamCa: [authority.ca],
  });
});
afterAll(async () => {
  origin.close();
  origin.closeAllConnections();
  await stage.close();
});

const tunnel = async (authority: string): Promise<Socket> => {
  const socket = dialRaw(stage.proxy.port, `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  const head = await new Promise<string>((resolve) =>
    socket.once('data', (data) => resolve(data.toString())),
  );
  expect(head).toBe('HTTP/1.1 200 Connection established\r\n\r\n');
  return socket;
};

const secure = async (authority: string, alpn: string[], host = 'localhost'): Promise<TLSSocket> => {
  const socket = await tunnel(authority);
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const secured = connectTls(
    {
      socket,
      host,
      servername: isIP(host) === 0 ? host : '',
      ca: stage.authority.rootPem,
      ALPNProtocols: alpn,
    },
    () => resolve(secured),
  );
  secured.on('error', reject);
  return promise;
};

const get = (session: ClientHttp2Session, path: string, more: Record<string, string> = {}) => {
  const { promise, resolve, reject } = Promise.withResolvers<{
    headers: IncomingHttpHeaders;
    body: string;
  }>();
  const stream = session.request({ ':path': path, ...more });
  let headers: IncomingHttpHeaders = {};
  let body = '';
  stream.on('response', (given) => {
    headers = given;
  });
  stream.on('data', (data: Buffer) => {
    body += data.toString();
  });
  stream.on('end', () => resolve({ headers, body })).on('error', reject);
  return promise;
};

describe('tunnels', () => {
  it('TLS inside is taken off; the leaf names exactly the host and verifies against the root', async () => {
    const secured = await secure(`localhost:${port}`, ['http/1.1']);
    expect(secured.getPeerCertificate().subjectaltname).toBe('DNS:localhost');
    secured.write('GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    const answer = await readUntil(secured, () => false);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toMatch(/secure \/x$/);
    expect(stage.exchanges.at(-1)?.url).toBe(`https://localhost:${port}/x`);
    expect(stage.exchanges.at(-1)?.source).toBe('localhost');
  });

  it('HTTP/2 inside is served by ALPN: streams side by side, larger than a window', async () => {
    const secured = await secure(`localhost:${port}`, ['h2', 'http/1.1']);
    expect(secured.alpnProtocol).toBe('h2');
    const session = connectHttp2(`https://localhost:${port}`, { createConnection: () => secured });
    const answers = await Promise.all([get(session, '/200000'), get(session, '/300000'), get(session, '/a')]);
    expect(answers.map(({ body }) => body.length)).toEqual([200_000, 300_000, 'secure /a'.length]);
    expect(answers[2]?.headers['foretaste-verdict']).toMatch(/^unverified;action=pass;id="[0-9A-Z]{26}"/);
    expect(answers[2]?.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    session.close();
  });

  it('crumbs of an HTTP/2 cookie reach the origin as one field', async () => {
    const secured = await secure(`localhost:${port}`, ['h2']);
    const session = connectHttp2(`https://localhost:${port}`, { createConnection: () => secured });
    await get(session, '/cookie', { cookie: 'a=1; b=2' });
    session.close();
    const cookies = received.filter((_, index) => /^cookie$/i.test(received[index - 1] ?? ''));
    expect(cookies).toEqual(['a=1; b=2']);
  });

  it('plain HTTP inside a tunnel is read as HTTP', async () => {
    const socket = await tunnel(`127.0.0.1:${stage.port}`);
    socket.write('GET /inside HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n');
    expect(await readUntil(socket, () => false)).toMatch(/plain \/inside$/);
    expect(stage.exchanges.at(-1)?.url).toBe(`http://127.0.0.1:${stage.port}/inside`);
  });

  it('an upgrade inside TLS is joined, the origin having been verified', async () => {
    origin.once('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
      socket.pipe(socket);
    });
    const secured = await secure(`localhost:${port}`, ['http/1.1']);
    secured.write('GET /echo HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhello');
    const answer = await readUntil(secured, (text) => text.endsWith('hello'));
    expect(answer).toMatch(
      /^HTTP\/1\.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\nForetaste-Verdict: unverified;/,
    );
  });

  it('neither TLS nor HTTP inside a tunnel is not passed on', async () => {
    const socket = await tunnel(`127.0.0.1:${stage.port}`);
    socket.write(Buffer.from([0x00, 0x01, 0x02, 0x03]));
    expect(await readUntil(socket, () => false)).toBe('');
  });

  it('a tunnel to a prohibited address opens, and the refusal stands inside', async () => {
    const socket = await tunnel('10.0.0.1:80');
    socket.write('GET / HTTP/1.1\r\nHost: 10.0.0.1\r\nConnection: close\r\n\r\n');
    const answer = await readUntil(socket, () => false);
    expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(answer).toMatch(/\r\nProxy-Status: foretaste;error=destination_ip_prohibited;details="/);
  });

  it('the proxy cannot be reached through itself', async () => {
    const socket = await tunnel(`127.0.0.1:${stage.proxy.port}`);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await readUntil(socket, () => false)).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('an origin whose certificate does not verify is a 502 that says so', async () => {
    const stranger = await createTestAuthority();
    const untrusted = createTlsServer(stranger.byAddress);
    const { promise, resolve } = Promise.withResolvers<void>();
    untrusted.listen(0, '127.0.0.1', resolve);
    await promise;
    const secured = await secure(
      `127.0.0.1:${(untrusted.address() as AddressInfo).port}`,
      ['http/1.1'],
      '127.0.0.1',
    );
    expect(secured.getPeerCertificate().subjectaltname).toBe('IP Address:127.0.0.1');
    secured.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const answer = await readUntil(secured, () => false);
    expect(answer).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
    expect(answer).toMatch(/Proxy-Status: foretaste;error=tls_certificate_error;details="/);
    untrusted.close();
  });
});

describe('HTTP/2 by prior knowledge on the proxy port', () => {
  it('requests are forwarded by their scheme and authority', async () => {
    const session = connectHttp2(`http://127.0.0.1:${stage.proxy.port}`);
    const { body, headers } = await get(session, '/h2c', { ':authority': `127.0.0.1:${stage.port}` });
    expect(body).toBe('plain /h2c');
    expect(headers[':status']).toBe(200);
    session.close();
  });

  it('a CONNECT stream is a tunnel', async () => {
    const session = connectHttp2(`http://127.0.0.1:${stage.proxy.port}`);
    const stream = session.request({ ':method': 'CONNECT', ':authority': `127.0.0.1:${stage.port}` });
    stream.write('GET /deep HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const { promise, resolve } = Promise.withResolvers<string>();
    let answer = '';
    stream.on('data', (data: Buffer) => {
      answer += data.toString();
    });
    stream.on('end', () => resolve(answer));
    expect(await promise).toMatch(/plain \/deep$/);
    session.close();
  });
});
