/** A certificate authority of the hostile web's own, made at start, and a leaf for every host that is asked for. */
import { webcrypto } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const HOUR = 3_600_000;

export interface TestAuthority {
  /** The root, PEM. */
  readonly ca: string;
  /** For clients that name no host: a leaf for the first loopback addresses. */
  readonly byAddress: { readonly key: string; readonly cert: string };
  contextFor(host: string): Promise<SecureContext>;
}

const ADDRESSES = [...Array.from({ length: 9 }, (_, n) => `127.0.0.${n + 1}`), '::1'];

export async function createTestAuthority(): Promise<TestAuthority> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const lifetime = { notBefore: new Date(Date.now() - HOUR), notAfter: new Date(Date.now() + 24 * HOUR) };
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Hostile Web Test Root',
    keys,
    signingAlgorithm: ALGORITHM,
    ...lifetime,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  // One key for all leaves: making keys is the slow part, and nothing here is secret.
  const leafKeys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const key = x509.PemConverter.encode(
    await webcrypto.subtle.exportKey('pkcs8', leafKeys.privateKey),
    'PRIVATE KEY',
  );
  const contexts = new Map<string, Promise<SecureContext>>();

  const issue = async (names: readonly x509.JsonGeneralName[]): Promise<string> => {
    const leaf = await x509.X509CertificateGenerator.create({
      subject: 'CN=Hostile Web',
      issuer: root.subject,
      publicKey: leafKeys.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      ...lifetime,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([...names]),
      ],
    });
    return leaf.toString('pem');
  };
  const contextOf = async (host: string): Promise<SecureContext> =>
    createSecureContext({ key, cert: await issue([{ type: 'dns', value: host }]) });

  return {
    ca: root.toString('pem'),
    byAddress: { key, cert: await issue(ADDRESSES.map((value) => ({ type: 'ip', value }))) },
    contextFor(host) {
      const context = contexts.get(host) ?? contextOf(host);
      contexts.set(host, context);
      return context;
    },
  };
}
