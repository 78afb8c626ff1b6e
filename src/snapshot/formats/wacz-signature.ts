/** The signature of a WACZ: by the key of a browser extension, or by the certificate of a domain. */
import { createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto';
import { ForetasteError } from '../../domain/index.ts';
import { shown } from '../digest.ts';
import { readDate } from './dates.ts';

/**
 * Throws ForetasteError `import` where the signature over `hash` is not that of the key or certificate it names. Returns what speaks
 * against the name in a certificate (`roots`: PEM of the authorities that are trusted): records stand for themselves, so a signer whom
 * nobody vouches for makes them doubtful and not wrong. A bare key names nobody, so there is nothing to ask.
 * @see https://specs.webrecorder.net/wacz-auth/0.1.0/
 */
export function verifySignature(signed: unknown, hash: string, roots: readonly string[]): string | undefined {
  const {
    hash: named,
    signature,
    publicKey,
    domainCert,
    domain,
    created,
  } = Object(signed) as Record<string, unknown>;
  if (named !== hash)
    throw new ForetasteError('import', `Expected a signature over ${hash} but it is over ${shown(named)}.`);
  const chain = typeof domainCert === 'string' ? readChain(domainCert) : [];
  const [leaf] = chain;
  const key = leaf === undefined ? keyOf(publicKey) : leaf.publicKey;
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
  if (leaf === undefined) return undefined;
  const fault = faultOf(chain, String(domain), readDate(created), roots);
  return fault === undefined ? undefined : `signed in the name of ${shown(domain)}, but ${fault}`;
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
/** Chains have two to four; each step costs a signature check. */
const LONGEST_CHAIN = 8;

/** Certificates in the order in which they are given, that of the domain first. */
function readChain(text: string): X509Certificate[] {
  const found = text.match(PEM)?.slice(0, LONGEST_CHAIN) ?? [];
  try {
    if (found.length > 0) return found.map((pem) => new X509Certificate(pem));
  } catch {
    // Told below, with what was found.
  }
  throw new ForetasteError('import', `Expected certificates in PEM but received ${shown(text)}.`);
}

/** @see RFC 5280, section 6.1 */
function faultOf(
  chain: readonly X509Certificate[],
  domain: string,
  created: string | undefined,
  roots: readonly string[],
): string | undefined {
  if (chain[0]?.checkHost(domain) === undefined)
    return `its certificate is for ${shown(chain[0]?.subjectAltName ?? 'no name')}`;
  if (created === undefined) return 'it does not say when';
  for (const [at, certificate] of chain.entries()) {
    const issuer = chain[at + 1];
    if (
      !(
        Date.parse(certificate.validFrom) <= Date.parse(created) &&
        Date.parse(created) <= Date.parse(certificate.validTo)
      )
    )
      return `a certificate was not valid on ${created}, only from ${certificate.validFrom} to ${certificate.validTo}`;
    if (issuedByOneOf(certificate, roots)) return undefined;
    if (issuer === undefined || !isIssuedBy(certificate, issuer))
      return `its certificates lead to no trusted authority: ${shown(certificate.issuer)} is none`;
  }
  return 'its certificates lead to no trusted authority';
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    // A key of a kind that OpenSSL does not know has signed nothing.
    return false;
  }
}

/** The authority itself may stand at the end of the chain; it is trusted for being in the list and not for that. */
const issuedByOneOf = (certificate: X509Certificate, roots: readonly string[]): boolean =>
  roots.some((pem) => {
    const root = new X509Certificate(pem);
    return isIssuedBy(certificate, root) || certificate.fingerprint256 === root.fingerprint256;
  });

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
