/** A new root: its key and its certificate. */
import 'reflect-metadata';
import { createHash, KeyObject, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Milliseconds } from '../domain/units.ts';

const DAY: Milliseconds = 86_400_000;
/** Ten years: trust is set up by hand, and a root that ends in the middle of a crawl helps nobody. */
const LIFETIME: Milliseconds = 3650 * DAY;

/** PEM of a new ECDSA P-256 key and of its certificate, in one text. */
export async function createRoot(now: Milliseconds): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const spki = await webcrypto.subtle.exportKey('spki', keys.publicKey);
  // Roots of several installations must not share a name: clients find issuers by it.
  const mark = createHash('sha256').update(new Uint8Array(spki)).digest('hex').slice(0, 8);
  const root = await X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=Foretaste root ${mark}, O=Foretaste`,
      keys,
      signingAlgorithm: algorithm,
      notBefore: new Date(now - DAY),
      notAfter: new Date(now + LIFETIME),
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
  return `${key}${root.toString('pem')}\n`;
}
