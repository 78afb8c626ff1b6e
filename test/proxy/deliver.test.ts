/** Delivery: judged octets unchanged, an answer in place of withheld ones, parts and conditions from the whole, breaks shown. */
import { parseItem, parseList } from 'structured-headers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/domain/index.ts';
import { dialRaw, exchangeRaw, openStage, readUntil, type Stage } from './stage.ts';

const CONTENT = '0123456789abcdefghijklmnopqrstuvwxyz';
const ETAG = '"v1"';
const MODIFIED = 'Sat, 21 Nov 2026 10:00:00 GMT';

const finding = (kind: Finding['kind'], score: number): Finding => ({
  kind,
  severity: 'high',
  score,
  summary: 'One paragraph reached only the crawler.',
  taxonomy: ['AML.T0020'],
  rule: 'split-view/exclusive-text@3',
  evidence: {},
});

let stage: Stage;
let requests = 0;

beforeAll(async () => {
  stage = await openStage(
    (request, response) => {
      requests += 1;
      const path = request.url ?? '';
      const { socket } = request;
      if (path === '/cut-length') socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
      else if (path === '/cut-chunks')
        socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n');
      else if (path === '/trailers') {
        response.setHeader('Trailer', 'X-Sum');
        response.write('content');
        response.addTrailers([
          ['X-Sum', '42'],
          ['Foretaste-Verdict', 'clean'],
        ]);
        response.end();
      } else if (path === '/hints') {
        response.writeEarlyHints({ link: '</a.css>; rel=preload' }, () => response.end('hinted'));
      } else if (path === '/304') {
        socket.write(`HTTP/1.1 304 Not Modified\r\nETag: ${ETAG}\r\nContent-Length: 36\r\n\r\n`);
      } else if (path === '/large') response.end(Buffer.alloc(3_000_000, 'L'));
      else {
        response.setHeader('ETag', ETAG);
        response.setHeader('Last-Modified', MODIFIED);
        response.setHeader('Content-Type', 'text/plain');
        response.setHeader('Content-Length', CONTENT.length);
        response.end(CONTENT);
      }
    },
    {
      judge: ({ url }) =>
        url.includes('/poison')
          ? {
              verdict: 'poisoned',
              action: url.includes('quarantine') ? 'quarantine' : 'block',
              findings: [finding('image.perturbed', 0.71), finding('split-view.text', 1)],
            }
          : {
              verdict: 'clean',
              action: 'pass',
              findings: url.includes('/odd') ? [finding('text.hidden', 0.5)] : [],
            },
    },
  );
});
afterAll(() => stage.close());

const ask = (path: string, fields = '', method = 'GET'): Promise<string> =>
  exchangeRaw(
    stage.proxy.port,
    `${method} ${stage.origin}${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${fields}\r\n`,
  );
const fieldOf = (answer: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.*)\r$`, 'mi').exec(answer)?.[1];
const contentOf = (answer: string): string => answer.slice(answer.indexOf('\r\n\r\n') + 4);

describe('verdicts', () => {
  it.each(['/poison', '/poison-quarantine'])(
    'content that policy withholds is answered in its place: %s',
    async (path) => {
      const answer = await ask(path);
      const id = stage.exchanges.at(-1)?.id;
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 410 Foretaste-Blocked split-view\\.text ${id}\r\n`));
      expect(fieldOf(answer, 'content-type')).toBe('application/problem+json');
      expect(fieldOf(answer, 'cache-control')).toBe('no-store');
      expect(fieldOf(answer, 'proxy-status')).toBe('foretaste;error=http_request_denied');
      const [verdict, parameters] = parseItem(fieldOf(answer, 'foretaste-verdict') ?? '');
      expect(String(verdict)).toBe('poisoned');
      expect(parameters.get('id')).toBe(id);
      const findings = parseList(fieldOf(answer, 'foretaste-findings') ?? '');
      expect(findings.map(([kind]) => String(kind))).toEqual(['split-view.text', 'image.perturbed']);
      expect(answer).not.toContain(CONTENT);
      expect(JSON.parse(contentOf(answer))).toMatchObject({ status: 410, verdict: 'poisoned' });
    },
  );

  it('a HEAD of withheld content has the same head and no content', async () => {
    const answer = await ask('/poison', '', 'HEAD');
    expect(answer).toMatch(/^HTTP\/1\.1 410 /);
    expect(contentOf(answer)).toBe('');
  });

  it('what passes with findings says them', async () => {
    const answer = await ask('/odd');
    expect(fieldOf(answer, 'foretaste-findings')).toBe('text.hidden;severity=high;score=0.5');
    expect(contentOf(answer)).toBe(CONTENT);
  });

  it('an origin that cannot be reached is a 502 with a verdict and its reason', async () => {
    const answer = await exchangeRaw(
      stage.proxy.port,
      'GET http://127.0.0.1:1/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\nForetaste-Verdict: unverified;/);
    expect(fieldOf(answer, 'proxy-status')).toMatch(/^foretaste;error=connection_refused;details="/);
  });
});

describe('parts and conditions', () => {
  it.each([
    ['bytes=0-4', 206, '01234', 'bytes 0-4/36'],
    ['bytes=30-', 206, 'uvwxyz', 'bytes 30-35/36'],
    ['bytes=-3', 206, 'xyz', 'bytes 33-35/36'],
    ['bytes=30-999', 206, 'uvwxyz', 'bytes 30-35/36'],
    ['bytes=36-', 416, '', 'bytes */36'],
    ['bytes=5-4', 200, CONTENT, undefined],
    ['lines=1-2', 200, CONTENT, undefined],
  ])('Range: %s is answered with %i', async (range, status, content, contentRange) => {
    const answer = await ask('/range', `Range: ${range}\r\n`);
    expect(answer.slice(9, 12)).toBe(String(status));
    expect(contentOf(answer)).toBe(content);
    expect(fieldOf(answer, 'content-range')).toBe(contentRange);
    expect(fieldOf(answer, 'content-length')).toBe(String(content.length));
    expect(fieldOf(answer, 'foretaste-verdict')).toMatch(/^clean;/);
  });

  it('several ranges come as parts', async () => {
    const answer = await ask('/range', 'Range: bytes=0-1,-2\r\n');
    const boundary = /boundary=(\S+)/.exec(fieldOf(answer, 'content-type') ?? '')?.[1];
    expect(contentOf(answer)).toBe(
      `--${boundary}\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/36\r\n\r\n01\r\n--${boundary}\r\nContent-Type: text/plain\r\nContent-Range: bytes 34-35/36\r\n\r\nyz\r\n--${boundary}--\r\n`,
    );
    expect(fieldOf(answer, 'content-length')).toBe(String(contentOf(answer).length));
  });

  it.each([
    [`If-None-Match: ${ETAG}`, 304],
    ['If-None-Match: W/"v1", "x"', 304],
    ['If-None-Match: "v2"', 200],
    [`If-Modified-Since: ${MODIFIED}`, 304],
    ['If-Modified-Since: Fri, 20 Nov 2026 10:00:00 GMT', 200],
    ['If-Modified-Since: yesterday', 200],
    [`If-None-Match: "v2"\r\nIf-Modified-Since: ${MODIFIED}`, 200],
    ['If-Match: "v2"', 412],
    [`If-Match: ${ETAG}`, 200],
    ['If-Unmodified-Since: Fri, 20 Nov 2026 10:00:00 GMT', 412],
    [`Range: bytes=0-1\r\nIf-Range: ${ETAG}`, 206],
    ['Range: bytes=0-1\r\nIf-Range: "v2"', 200],
    ['Range: bytes=0-1\r\nIf-Range: W/"v1"', 200],
    [`Range: bytes=0-1\r\nIf-None-Match: ${ETAG}`, 304],
  ])('%s is answered with %i, the origin having been asked for the whole', async (fields, status) => {
    const before = requests;
    const answer = await ask('/conditions', `${fields}\r\n`);
    expect(answer.slice(9, 12)).toBe(String(status));
    expect(requests).toBe(before + 1);
    if (status === 304) expect([contentOf(answer), fieldOf(answer, 'etag')]).toEqual(['', ETAG]);
  });

  it('conditions do not bring poison past the verdict', async () => {
    expect(await ask('/poison', 'Range: bytes=0-1\r\n')).toMatch(/^HTTP\/1\.1 410 /);
    expect(await ask('/poison', `If-None-Match: ${ETAG}\r\n`)).toMatch(/^HTTP\/1\.1 410 /);
  });
});

describe('fidelity', () => {
  it('trailers arrive, those in our name do not', async () => {
    const answer = await ask('/trailers');
    expect(answer).toMatch(/\r\nTrailer: X-Sum\r\n/);
    expect(answer).toMatch(/7\r\ncontent\r\n0\r\nX-Sum: 42\r\n\r\n$/);
  });

  it('early hints are passed on before the answer', async () => {
    expect(await ask('/hints')).toMatch(
      /^HTTP\/1\.1 103 Early Hints\r\nlink: <\/a\.css>; rel=preload\r\n\r\nHTTP\/1\.1 200 OK\r\n/i,
    );
  });

  it('a 304 that announces a length is complete without content', async () => {
    const answer = await ask('/304', '', 'HEAD');
    expect(answer).toMatch(/^HTTP\/1\.1 304 Not Modified\r\n/);
    expect(contentOf(answer)).toBe('');
  });

  it.each(['/cut-length', '/cut-chunks'])(
    'content that breaks off at the origin breaks off at the client: %s',
    async (path) => {
      const answer = await ask(path);
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      expect(answer).toMatch(/half/);
      expect(answer).not.toMatch(/\r\n0\r\n/);
      expect(Number(fieldOf(answer, 'content-length') ?? 100)).toBe(100);
    },
  );

  it('a client that reads slowly gets everything', async () => {
    const socket = dialRaw(
      stage.proxy.port,
      `GET ${stage.origin}/large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.resume();
    const answer = await readUntil(socket, () => false);
    expect(contentOf(answer).length).toBe(3_000_000);
  });
});
