/** A request becomes an exchange: what of it is end-to-end, and what it told the guard. */
import { parseDictionary } from 'structured-headers';
import { ForetasteError } from '../domain/error.ts';
import { type Exchange, type ExpectedDigest, type Fields, field, fieldValues } from '../domain/exchange.ts';
import type { DigestAlgorithm } from '../domain/snapshot.ts';
import type { Milliseconds } from '../domain/units.ts';
import { requestFields, responseFields } from './fields.ts';
import type { Inbound } from './message.ts';
import { targetOf } from './target.ts';

const LABEL = 'Foretaste-Label';
const EXPECTED = 'Foretaste-Expect-Digest';

/** RFC 9530, section 5 and the older names of the registry; others say nothing that a capture could be held against. */
const ALGORITHMS: Readonly<Record<string, DigestAlgorithm>> = {
  md5: 'md5',
  sha: 'sha1',
  'sha-256': 'sha256',
  'sha-512': 'sha512',
};
const DIGEST_LENGTH = { md5: 16, sha1: 20, sha256: 32, sha512: 64 } as const;

/** Throws ForetasteError `bad-request` for a target or a field of ours that cannot be read. */
export function exchangeOf(inbound: Inbound, id: string, receivedAt: Milliseconds): Exchange {
  const { head, tunnel, content, goAhead, responder } = inbound;
  const { url, authority, source, asterisk } = targetOf(head, tunnel);
  const travelling = requestFields(head.fields, goAhead !== undefined);
  const label = field(head.fields, LABEL);
  const expected = fieldValues(head.fields, EXPECTED);
  return {
    id,
    method: head.method,
    url,
    source,
    // RFC 9112, section 3.2.2: the target's authority replaces Host. Inside a tunnel Host is the client's to choose.
    fields: tunnel === undefined ? withHost(travelling, authority) : travelling,
    receivedAt,
    httpVersion: head.version,
    interim: (status, fields) => {
      if (status === 100) goAhead?.();
      else responder.interim(status, responseFields(fields));
    },
    ...(asterisk ? { asterisk } : {}),
    ...(content === undefined ? {} : { content }),
    ...(label === undefined ? {} : { label: utf8(label) }),
    ...(expected.length === 0 ? {} : { expectedDigests: expectedDigests(expected.join(', ')) }),
  };
}

const withHost = (fields: Fields, authority: string): Fields => {
  const at = fields.findIndex((pair) => pair[0].length === 4 && pair[0].toLowerCase() === 'host');
  const found = fields[at];
  if (found === undefined) return [['Host', authority], ...fields];
  return found[1] === authority ? fields : fields.with(at, [found[0], authority]);
};

/** A caption in whatever script: UTF-8 where the octets are that, else as latin1. */
function utf8(value: string): string {
  const octets = Buffer.from(value, 'latin1');
  const text = octets.toString('utf8');
  return text.includes('\uFFFD') ? value : text;
}

function expectedDigests(value: string): ExpectedDigest[] {
  const expected = (found: string): ForetasteError =>
    new ForetasteError(
      'bad-request',
      `Expected digests as in RFC 9530, sha-256=:base64:, but received ${found} in ${EXPECTED}.`,
      { where: EXPECTED },
    );
  const members = (() => {
    try {
      return [...parseDictionary(value)];
    } catch {
      throw expected(JSON.stringify(value.slice(0, 100)));
    }
  })();
  return members.flatMap(([name, [digest]]) => {
    const alg = ALGORITHMS[name];
    if (alg === undefined) return [];
    const octets = digest instanceof ArrayBuffer ? Buffer.from(digest) : undefined;
    if (octets?.length !== DIGEST_LENGTH[alg])
      throw expected(`${name} with ${octets?.length ?? 'no'} octets`);
    return [{ alg, value: octets.toString('hex') }];
  });
}
