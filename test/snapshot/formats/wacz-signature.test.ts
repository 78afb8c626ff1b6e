import 'reflect-metadata';
import { KeyObject, sign, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifySignature } from '../../../src/snapshot/formats/wacz-signature.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const HASH = `sha256:${'ab'.repeat(32)}`;
const CREATED = '2026-06-01T12:00:00Z';
const BEFORE = new Date('2026-01-01T00:00:00Z');
const AFTER = new Date('2026-12-31T00:00:00Z');

type Keys = webcrypto.CryptoKeyPair;
const newKeys = (): Promise<Keys> => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

interface Issued {
  readonly keys: Keys;
  readonly certificate: x509.X509Certificate;
}

async function issue(
  name: string,
  { by, ca, domain }: { by?: Issued; ca: boolean; domain?: string },
): Promise<Issued> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: by?.certificate.subject ?? `CN=${name}`,
    publicKey: keys.publicKey,
    signingKey: (by?.keys ?? keys).privateKey,
    signingAlgorithm: ALGORITHM,
    notBefore: BEFORE,
    notAfter: AFTER,
    extensions: [
      new x509.BasicConstraintsExtension(ca, undefined, true),
      ...(domain === undefined
        ? []
        : [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: domain }])]),
    ],
  });
  return { keys, certificate };
}

/** What stands in datapackage-digest.json, signed by the first of `chain`. */
function signedBy(
  chain: readonly Issued[],
  change: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const [leaf] = chain;
  if (leaf === undefined) throw new Error('Expected a certificate.');
  const key = KeyObject.from(leaf.keys.privateKey);
  return {
    hash: HASH,
    created: CREATED,
    domain: 'archive.example.org',
    domainCert: chain.map(({ certificate }) => certificate.toString('pem')).join('\n'),
    signature: sign('sha256', Buffer.from(HASH), key).toString('base64'),
    ...change,
  };
}

const pem = ({ certificate }: Issued): string => certificate.toString('pem');

describe('the certificate behind a signature', () => {
  let root: Issued;
  let middle: Issued;
  let leaf: Issued;
  beforeAll(async () => {
    root = await issue('Root', { ca: true });
    middle = await issue('Middle', { by: root, ca: true });
    leaf = await issue('leaf', { by: middle, ca: false, domain: 'archive.example.org' });
  });

  it('nothing speaks against one that leads to a trusted authority, which need not be sent', () => {
    expect(verifySignature(signedBy([leaf, middle]), HASH, [pem(root)])).toBeUndefined();
    expect(verifySignature(signedBy([leaf, middle, root]), HASH, [pem(root)])).toBeUndefined();
  });

  it('an authority that nobody trusts vouches for nothing', async () => {
    const other = await issue('Root', { ca: true });
    for (const roots of [[], [pem(other)]])
      expect(verifySignature(signedBy([leaf, middle, root]), HASH, roots)).toBe(
        'signed in the name of archive.example.org, but its certificates lead to no trusted authority: CN=Root is none',
      );
  });

  it('a certificate that was issued by one that may not issue is no chain', async () => {
    const forged = await issue('forged', { by: leaf, ca: false, domain: 'archive.example.org' });
    expect(verifySignature(signedBy([forged, leaf, middle]), HASH, [pem(root)])).toContain(
      'lead to no trusted authority',
    );
  });

  it.each([
    [{ domain: 'other.example.org' }, 'its certificate is for DNS:archive.example.org'],
    [{ created: '2027-06-01T12:00:00Z' }, 'a certificate was not valid on 2027-06-01T12:00:00.000Z'],
    [{ created: undefined }, 'it does not say when'],
  ])('%o is said', (change, fault) => {
    expect(verifySignature(signedBy([leaf, middle], change), HASH, [pem(root)])).toContain(fault);
  });

  it('a signature of another key is refused, whoever vouches', async () => {
    const other = await newKeys();
    const signature = sign('sha256', Buffer.from(HASH), KeyObject.from(other.privateKey)).toString('base64');
    expect(() => verifySignature(signedBy([leaf, middle], { signature }), HASH, [pem(root)])).toThrow(
      /Expected a signature of the key it names/,
    );
    expect(() => verifySignature(signedBy([leaf], { domainCert: 'none' }), HASH, [])).toThrow(
      /Expected certificates in PEM/,
    );
  });
});
