/** Responses that no server would send on purpose: the reader takes them whole, in pieces, or refuses them, and nothing else. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ForetasteError } from '../../src/domain/index.ts';
import { ResponseReader } from '../../src/fetch/h1-reader.ts';
import { targetOf } from '../../src/fetch/target.ts';

/** Enough for every test run; FUZZ_RUNS asks for more. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 2_000);
const MAX_HEADER = 2_000;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const CONTROLS = /[\x00-\x08\x0a-\x1f\x7f]/;

/** What a reader told, as one comparable text; pieces of content are joined, since only their sum is promised. */
function told(octets: Buffer, method: string, cuts: readonly number[]): string {
  const lines: string[] = [];
  let content = '';
  const reader = new ResponseReader(method, MAX_HEADER, {
    interim: (status, fields) => lines.push(`interim ${status} ${JSON.stringify(fields)}`),
    head: ({ status, reason, fields }) => {
      for (const [name, value] of fields) {
        if (!TOKEN.test(name) || CONTROLS.test(value))
          throw new Error(`passed on ${JSON.stringify([name, value])}`);
      }
      if (CONTROLS.test(reason)) throw new Error(`passed on ${JSON.stringify(reason)}`);
      lines.push(`head ${status} ${JSON.stringify(fields)}`);
    },
    data: (chunk) => {
      content += chunk.toString('latin1');
    },
    end: (trailers) => lines.push(`end ${JSON.stringify(trailers)}`),
  });
  try {
    let from = 0;
    for (const cut of [...cuts, octets.length]) {
      reader.push(octets.subarray(from, Math.max(from, cut)));
      from = Math.max(from, cut);
    }
    reader.finish();
  } catch (error) {
    if (!(error instanceof ForetasteError)) throw error;
    lines.push(`error ${error.code}`);
  }
  if (content.length > octets.length) throw new Error('more content than octets');
  return [...lines, content].join('\n');
}

const fieldLine = fc.constantFrom(
  'Content-Length: 5',
  'Content-Length: 5, 5',
  'Content-Length: +5',
  'Content-Length:',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: CHUNKED',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding: gzip, chunked',
  'Connection: close',
  'Connection: keep-alive, X',
  'Keep-Alive: timeout=99999999999',
  'X-Folded: a\r\n b',
  ' folded first',
  'No colon',
  ': no name',
  'Space : before',
  'X-Nul: a\0b',
  'X-Cr: a\rb',
  'X-Latin: \xe9\xff',
);
const lineEnd = fc.constantFrom('\r\n', '\r\n', '\r\n', '\n', '\r', '\r\r\n', '');
const statusLine = fc.constantFrom(
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200 OK',
  'HTTP/1.0 200 OK',
  'HTTP/1.1 304 Not Modified',
  'HTTP/1.1 204 No Content',
  'HTTP/1.1 100 Continue',
  'HTTP/1.1 103 Early Hints',
  'HTTP/1.1 101 Switching Protocols',
  'HTTP/1.1 2000 OK',
  'HTTP/9.9 200 OK',
  'HTTP/1.1',
  '',
  'ICY 200 OK',
);
const content = fc.constantFrom(
  'hello',
  '5\r\nhello\r\n0\r\n\r\n',
  '5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n',
  '5\nhello\n0\n\n',
  'ffffffffffff\r\nx',
  '-5\r\nhello',
  '0x5\r\nhello',
  '5 \r\nhello\r\n0\r\n\r\n',
  '0\r\n',
  '',
  '\r\n\r\n',
  'HTTP/1.1 200 OK\r\n\r\n',
);
const lines = fc.array(fc.tuple(fieldLine, lineEnd), { maxLength: 6 });
const response = fc
  .tuple(
    fc.array(fc.tuple(statusLine, lineEnd, lines, lineEnd, content), { maxLength: 3 }),
    fc.string({ unit: 'binary', maxLength: 20 }),
  )
  .map(([parts, tail]) =>
    Buffer.from(
      parts
        .map(
          ([status, end, fields, empty, body]) =>
            status + end + fields.map(([line, eol]) => line + eol).join('') + empty + body,
        )
        .join('') + tail,
      'latin1',
    ),
  );
const cuts = fc
  .array(fc.nat({ max: 400 }), { maxLength: 12 })
  .map((positions) => positions.toSorted((a, b) => a - b));

describe('a response of any shape', () => {
  it('is read the same however it is cut, with fields that can be passed on, or refused with a reason', () => {
    fc.assert(
      fc.property(response, fc.constantFrom('GET', 'HEAD'), cuts, (octets, method, at) => {
        const whole = told(octets, method, []);
        expect(told(octets, method, at)).toBe(whole);
        expect(told(octets, method, [...octets.keys()])).toBe(whole);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a URL of any shape', () => {
  it('gives a request line of one line, or none at all', () => {
    const url = fc.oneof(
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc.string({ unit: 'binary', maxLength: 40 }).map((rest) => `http://example.org/${rest}`),
      fc.string({ unit: 'binary', maxLength: 40 }).map((rest) => `http://${rest}`),
    );
    fc.assert(
      fc.property(url, (text) => {
        try {
          const { path, authority, port } = targetOf(text);
          expect(path).toMatch(/^\/[^\x00-\x20\x7f]*$/);
          expect(path).not.toMatch(/[^\x00-\xff]/);
          expect(authority).toMatch(/^[^\s/@?#]+$/);
          expect(port).toBeGreaterThan(0);
        } catch (error) {
          if (!(error instanceof ForetasteError)) throw error;
        }
      }),
      { numRuns: RUNS },
    );
  });
});
