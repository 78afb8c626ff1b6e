/** Generated octets for the request boundary: requests as crawlers send them, sent together, then bent. */

/** A seeded uniform draw (mulberry32), so that a failure can be had again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Chance = () => number;
const pick = <T>(chance: Chance, among: readonly T[]): T => among[Math.floor(chance() * among.length)] as T;
const upTo = (chance: Chance, most: number): number => Math.floor(chance() * (most + 1));

const METHODS = ['GET', 'GET', 'HEAD', 'POST', 'PUT', 'OPTIONS', 'DELETE'];
const FIELDS = [
  'Accept: */*',
  'User-Agent: x',
  'X-A:1',
  'X-A:   2  ',
  'Cookie: a=1; b=2',
  'Connection: keep-alive',
  'X-Empty:',
  'Range: bytes=0-1',
  'Transfer-Encoding: identity',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'transfer-encoding:chunked ',
  'Content-Length: 3',
  'Content-Length: 03',
  'Content-Length: 3, 3',
  'Content-Length: -1',
  'Content-Length : 3',
  ' folded',
  'Host: other',
  'Expect: 100-continue',
];
/** Octets that parsers have disagreed about. */
const BENDS = [
  '\r',
  '\n',
  '\r\n',
  '\0',
  ' ',
  '\t',
  ':',
  ';',
  '\x0b',
  '\x7f',
  '\x80',
  '\xff',
  '0',
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  '\r\n\r\n',
  ',',
  '+',
  'x',
];

function request(chance: Chance, number: number): string {
  const target = `http://h/${number}`;
  const content = pick(chance, ['', '', 'abc', 'GET http://h/smuggled HTTP/1.1\r\nHost: h\r\n\r\n']);
  const extra = Array.from({ length: upTo(chance, 3) }, () =>
    pick(chance, FIELDS.slice(0, chance() < 0.7 ? 8 : undefined)),
  );
  const method = content === '' ? pick(chance, METHODS) : 'POST';
  const chunked = content !== '' && chance() < 0.5;
  const framing =
    content === '' ? [] : [chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${content.length}`];
  const lines = [`${method} ${target} HTTP/1.1`, 'Host: h', ...extra, ...framing];
  const body = chunked
    ? `${content.length.toString(16)}${pick(chance, ['', ';a=b', ';a="b c"'])}\r\n${content}\r\n0\r\n${pick(chance, ['', 'X-T: 1\r\n'])}\r\n`
    : content;
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** A few requests one after the other, bent in up to four places; about one in three is left as it is. */
export function requests(chance: Chance): Buffer {
  let text = Array.from({ length: 1 + upTo(chance, 2) }, (_, index) => request(chance, index)).join('');
  if (chance() < 0.35) return Buffer.from(text, 'latin1');
  for (let bends = 1 + upTo(chance, 3); bends > 0; bends -= 1) {
    const at = upTo(chance, text.length);
    const length = pick(chance, [0, 0, 1, 1, 2, 5, 20]);
    text = text.slice(0, at) + (chance() < 0.7 ? pick(chance, BENDS) : '') + text.slice(at + length);
  }
  return Buffer.from(text, 'latin1');
}

/** What may stand first in a tunnel: TLS, HTTP, HTTP/2, and anything. */
export function firstOctets(chance: Chance): Buffer {
  const kind = chance();
  if (kind < 0.3) return requests(chance);
  const noise = Buffer.from(Array.from({ length: 1 + upTo(chance, 60) }, () => upTo(chance, 255)));
  if (kind < 0.5) return noise;
  const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  if (kind < 0.7) return Buffer.concat([preface.subarray(0, 1 + upTo(chance, preface.length)), noise]);
  // A TLS record of a handshake, of a length that may be wrong.
  return Buffer.concat([
    Buffer.from([0x16, 3, upTo(chance, 4), 0, upTo(chance, 80), upTo(chance, 2)]),
    noise,
  ]);
}

/** Cut into pieces, as a network would. */
export function pieces(octets: Buffer, chance: Chance): Buffer[] {
  const cut: Buffer[] = [];
  for (let at = 0; at < octets.length; ) {
    const size = 1 + upTo(chance, pick(chance, [1, 8, 200]));
    cut.push(octets.subarray(at, at + size));
    at += size;
  }
  return cut;
}
