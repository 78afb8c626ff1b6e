/** Leaf certificates from a prepared template: all but name, serial and signature is encoded once. */
import { type KeyObject, randomBytes, sign, type X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Milliseconds } from '../domain/units.ts';
import {
  bitString,
  element,
  elementsOf,
  explicit,
  implicit,
  objectId,
  octetString,
  sequence,
  TAG,
  utcTime,
} from './der.ts';

const DAY: Milliseconds = 86_400_000;
/** Clients' clocks run late. */
const BACKDATED: Milliseconds = DAY;
/** 45 days in all, under the 47-day public limit from 2029-03-15 (CA/B SC-081v3). */
export const LEAF_LIFETIME: Milliseconds = 45 * DAY;
/** Upper bound of a common name, ub-common-name (RFC 5280, appendix A.1). Longer hosts stand in the SAN alone. */
const COMMON_NAME_LIMIT = 64;

const ECDSA_WITH_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'));
const TRUE = element(TAG.boolean, Uint8Array.of(0xff));
const COMMON_NAME = objectId('2.5.4.3');
const SUBJECT_KEY_ID = '2.5.29.14';

/**
 * Prepares leaves under `root`, all for one public key (its SubjectPublicKeyInfo).
 * The returned function gives the DER of a certificate for exactly `host`: a name, or an address as an IP SAN.
 */
export function prepareLeaves(
  root: X509Certificate,
  rootKey: KeyObject,
  publicKey: Buffer,
): (host: string, now: Milliseconds) => Buffer {
  const { subject: issuer, keyId } = namesOf(root);
  const version = element(explicit(0), element(TAG.integer, Uint8Array.of(2)));
  const fixed = Buffer.concat([
    extension('2.5.29.19', sequence(), true),
    // digitalSignature, all that ECDSA key exchange needs.
    extension('2.5.29.15', bitString(Uint8Array.of(0x80), 7), true),
    extension('2.5.29.37', sequence(objectId('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.35', sequence(element(implicit(0), keyId))),
  ]);
  return (host, now) => {
    const notBefore = now - BACKDATED;
    const named = host.length <= COMMON_NAME_LIMIT;
    const subject = named
      ? sequence(element(TAG.set, sequence(COMMON_NAME, element(TAG.utf8String, Buffer.from(host)))))
      : sequence();
    const tbs = sequence(
      version,
      element(TAG.integer, serial()),
      ECDSA_WITH_SHA256,
      issuer,
      sequence(utcTime(notBefore), utcTime(notBefore + LEAF_LIFETIME)),
      subject,
      publicKey,
      // RFC 5280, section 4.2.1.6: without a subject the names are critical.
      element(explicit(3), sequence(fixed, extension('2.5.29.17', sequence(generalName(host)), !named))),
    );
    return sequence(tbs, ECDSA_WITH_SHA256, bitString(sign('sha256', tbs, rootKey)));
  };
}

const extension = (id: string, value: Buffer, critical = false): Buffer =>
  critical ? sequence(objectId(id), TRUE, octetString(value)) : sequence(objectId(id), octetString(value));

/** dNSName or iPAddress (RFC 5280, section 4.2.1.6). */
const generalName = (host: string): Buffer =>
  isIP(host) === 0
    ? element(implicit(2), Buffer.from(host, 'latin1'))
    : element(implicit(7), Uint8Array.from(ipaddr.parse(host).toByteArray()));

/** 127 random bits, positive, never short (RFC 5280, section 4.1.2.2; BR 7.1: 64 bits at least). */
function serial(): Buffer {
  const octets = randomBytes(16);
  octets.writeUInt8((octets.readUInt8(0) & 0x7f) | 0x40, 0);
  return octets;
}

/** Subject and key identifier of a certificate, as they are encoded in it. */
function namesOf(certificate: X509Certificate): { subject: Buffer; keyId: Buffer } {
  const [outer] = elementsOf(certificate.raw);
  const [tbs] = elementsOf(outer?.content ?? Buffer.alloc(0));
  // version, serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo, [3] extensions
  const parts = elementsOf(tbs?.content ?? Buffer.alloc(0));
  const subject = parts[5];
  const wanted = objectId(SUBJECT_KEY_ID);
  const extensions = elementsOf(parts.find(({ tag }) => tag === explicit(3))?.content ?? Buffer.alloc(0));
  const keyId = elementsOf(extensions[0]?.content ?? Buffer.alloc(0))
    .map(({ content }) => elementsOf(content))
    .find(([id]) => id?.whole.equals(wanted))
    ?.at(-1)?.content;
  const [identifier] = keyId === undefined ? [] : elementsOf(keyId);
  if (subject === undefined || identifier === undefined)
    throw new TypeError('Expected a root with a subject and a key identifier.');
  return { subject: subject.whole, keyId: identifier.content };
}
