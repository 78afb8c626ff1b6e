/** The signature of a WACZ: by the key of a browser extension, or by the certificate of a domain. */
import { createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto';
import { ForetasteError } from '../../domain/index.ts';
import { shown } from '../digest.ts';

/**
 * Throws ForetasteError `import` where the signature over `hash` is not that of the key or certificate it names. Who holds that key,
 * and whether a certificate was issued by anyone, is not asked: records stand for themselves, a signature shows that they are whole.
 * @see https://specs.webrecorder.net/wacz-auth/0.1.0/
 */
export function verifySignature(signed: unknown, hash: string): void {
  const { hash: named, signature, publicKey, domainCert } = Object(signed) as Record<string, unknown>;
  if (named !== hash)
    throw new ForetasteError('import', `Expected a signature over ${hash} but it is over ${shown(named)}.`);
  const key = typeof domainCert === 'string' ? keyOfCertificate(domainCert) : keyOf(publicKey);
  const octets = Buffer.from(String(signature), 'base64');
  const content = Buffer.from(hash);
  // Browsers sign in the form of IEEE P1363, Python and OpenSSL in DER; RSA knows no such difference.
  const valid = (['ieee-p1363', 'der'] as const).some((dsaEncoding) => {
    try {
      return verify('sha256', content, { key, dsaEncoding }, octets);
    } catch {
      return false;
    }
  });
  if (!valid)
    throw new ForetasteError(
      'import',
      `Expected a signature of the key it names but ${shown(signature)} is none.`,
    );
}

function keyOfCertificate(chain: string): KeyObject {
  try {
    return new X509Certificate(chain).publicKey;
  } catch (cause) {
    throw new ForetasteError('import', `Expected a certificate in PEM but received ${shown(chain)}.`, {
      cause,
    });
  }
}

function keyOf(publicKey: unknown): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(String(publicKey), 'base64'), format: 'der', type: 'spki' });
  } catch (cause) {
    throw new ForetasteError(
      'import',
      `Expected a public key (SPKI in base64) but received ${shown(publicKey)}.`,
      { cause },
    );
  }
}
