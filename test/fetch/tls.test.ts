/** TLS to origins: verified whatever the crawler would have accepted, and HTTP/2 where it was spoken. */
import { webcrypto } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { createServer as createTls } from 'node:tls';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { describe, expect, it, onTestFinished } from 'vitest';
import { html } from '../origin/answer.ts';
import { createTestAuthority } from '../origin/authority.ts';
import { type Origin, startOrigin } from '../origin/server.ts';
import { captureOf, exchange, failureOf, fetcher, signal, textOf } from './kit.ts';

async function origin(): Promise<Origin> {
  const started = await startOrigin({ '*': { '/': () => html('<p>hello</p>') } });
  onTestFinished(() => started.close());
  return started;
}

/** A TLS server with one certificate, for whatever is wrong with it. */
async function serving(credentials: { key: string; cert: string }): Promise<string> {
  const server = createTls(credentials, (socket) =>
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
  );
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function selfSigned(lifetime: {
  notBefore: Date;
  notAfter: Date;
}): Promise<{ key: string; cert: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Nobody',
    keys,
    signingAlgorithm: algorithm,
    ...lifetime,
    extensions: [
      new x509.BasicConstraintsExtension(true),
      new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }]),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { key: x509.PemConverter.encode(key, 'PRIVATE KEY'), cert: certificate.toString('pem') };
}

const DAY = 86_400_000;
const now = Date.now();

describe('a certificate', () => {
  it('that chains to a configured root is accepted, by name and by address', async () => {
    const { urls, ca } = await origin();
    const client = fetcher({ upstreamCa: [ca] });
    for (const host of ['www.localhost', '127.0.0.1']) {
      const capture = await captureOf(client.own(exchange(`${urls.https(host)}/`), signal()));
      expect(await textOf(capture)).toContain('hello');
    }
  });

  it('of an unknown root is a failure', async () => {
    const { urls } = await origin();
    expect(await failureOf(fetcher().own(exchange(`${urls.https()}/`), signal()))).toMatchObject({
      error: 'tls_certificate_error',
      detail: expect.stringContaining('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    });
  });

  it('that is self-signed is a failure', async () => {
    const url = await serving(
      await selfSigned({ notBefore: new Date(now - DAY), notAfter: new Date(now + DAY) }),
    );
    expect(await failureOf(fetcher().own(exchange(url), signal()))).toMatchObject({
      error: 'tls_certificate_error',
    });
  });

  it('that has expired is a failure even when its root is trusted', async () => {
    const expired = await selfSigned({ notBefore: new Date(now - 2 * DAY), notAfter: new Date(now - DAY) });
    const client = fetcher({ upstreamCa: [expired.cert] });
    expect(await failureOf(client.own(exchange(await serving(expired)), signal()))).toMatchObject({
      error: 'tls_certificate_error',
      detail: expect.stringContaining('CERT_HAS_EXPIRED'),
    });
  });

  it('for another host is a failure', async () => {
    const authority = await createTestAuthority();
    const url = await serving(authority.byAddress);
    const client = fetcher({ upstreamCa: [authority.ca] });
    expect(
      await failureOf(client.own(exchange(url.replace('127.0.0.1', 'localhost')), signal())),
    ).toMatchObject({
      error: 'tls_certificate_error',
      detail: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
    });
  });

  it('what is no TLS at all is another kind of failure', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).end('220 mail.example ESMTP\r\n'));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => {
      server.close();
    });
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await failureOf(fetcher().own(exchange(url), signal()))).toMatchObject({
      error: 'tls_protocol_error',
    });
  });
});

describe('the version of HTTP', () => {
  it('is 1.1 for a crawler that spoke 1.1, with its fields as sent', async () => {
    const { urls, ca, requests } = await origin();
    const client = fetcher({ upstreamCa: [ca] });
    const asked = exchange(`${urls.https()}/`, { fields: [['X-CaSe', '1']] });
    expect(await captureOf(client.own(asked, signal()))).toMatchObject({ httpVersion: '1.1' });
    expect(requests[0]?.fields).toContainEqual(['X-CaSe', '1']);
    expect(requests[0]?.hello?.alpn).toEqual(['http/1.1']);
  });

  it('is 2 for a crawler that spoke 2, on one connection', async () => {
    const { urls, ca, requests } = await origin();
    const client = fetcher({ upstreamCa: [ca] });
    const asked = exchange(`${urls.https()}/`, {
      httpVersion: '2',
      fields: [
        ['x-first', '1'],
        ['cookie', 'a=1'],
        ['cookie', 'b=2'],
        ['x-last', '1'],
      ],
    });
    const captures = await Promise.all([1, 2, 3].map(() => captureOf(client.own(asked, signal()))));
    expect(captures.map(({ httpVersion, status }) => [httpVersion, status])).toEqual(
      Array(3).fill(['2', 200]),
    );
    expect(requests[0]?.fields).toEqual([
      ['x-first', '1'],
      ['cookie', 'a=1; b=2'],
      ['x-last', '1'],
    ]);
    expect(new Set(requests.map(({ hello }) => hello)).size).toBe(1);
  });
});
