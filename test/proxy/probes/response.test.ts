/** What origins answer, octet by octet, and what of it a client is given: one row a probe, the expectation the best that nine proxies showed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawOrigin } from '../../fetch/kit.ts';
import { exchangeRaw, openStage, type Stage } from '../stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage((_request, response) => response.end());
});
afterAll(() => stage.close());

/** The client's answer where the origin answers `wire` and, unless it keeps the connection, closes. */
async function through(
  wire: string,
  { method = 'GET', version = '1.1', keeps = false, fields = '' } = {},
): Promise<{ status: number; head: string; content: string; whole: string }> {
  const origin = await rawOrigin((_request, socket) => {
    socket.write(wire, 'latin1');
    if (!keeps) socket.end();
    return undefined;
  });
  const whole = await exchangeRaw(
    stage.proxy.port,
    `${method} ${origin.url}/ HTTP/${version}\r\nHost: x\r\nConnection: close\r\n${fields}\r\n`,
  );
  const heads = [...whole.matchAll(/^HTTP\/1\.1 /gm)];
  const answer = whole.slice(heads.at(-1)?.index ?? 0);
  const end = answer.indexOf('\r\n\r\n');
  return {
    status: Number(answer.slice(9, 12)),
    head: answer.slice(0, end + 2),
    content: answer.slice(end + 4),
    whole,
  };
}

const OK = 'HTTP/1.1 200 OK\r\n';
const TWO = 'Content-Length: 2\r\n\r\nok';

describe('origins that are exact', () => {
  it.each([
    ['a status nobody knows', `HTTP/1.1 299 Odd\r\n${TWO}`, /^HTTP\/1\.1 299 Odd\r\n/],
    ['an empty reason', `HTTP/1.1 200 \r\n${TWO}`, /^HTTP\/1\.1 200 \r\n/],
    ['a reason in latin1', `HTTP/1.1 200 Tr\xe8s bien\r\n${TWO}`, /^HTTP\/1\.1 200 Tr\xe8s bien\r\n/],
    ['fields in their case', `${OK}x-LOWER: 1\r\nX-lower: 2\r\n${TWO}`, /\r\nx-LOWER: 1\r\nX-lower: 2\r\n/],
    [
      'two cookies',
      `${OK}Set-Cookie: a\r\nSet-Cookie: b\r\n${TWO}`,
      /\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n/,
    ],
    ['an empty value', `${OK}X-Empty:\r\n${TWO}`, /\r\nX-Empty: ?\r\n/],
    ['octets above ASCII', `${OK}X-L: caf\xe9\r\n${TWO}`, /\r\nX-L: caf\xe9\r\n/],
    ['a coding', `${OK}Content-Encoding: exotic\r\n${TWO}`, /\r\nContent-Encoding: exotic\r\n/],
    ['Alt-Svc', `${OK}Alt-Svc: h3=":443"\r\n${TWO}`, /\r\nAlt-Svc: h3=":443"\r\n/],
    ['an Age', `${OK}Age: 5\r\nWarning: 110 - "x"\r\n${TWO}`, /\r\nAge: 5\r\nWarning: 110 - "x"\r\n/],
    [
      'a redirect',
      `HTTP/1.1 302 Found\r\nLocation: /b\r\n${TWO}`,
      /^HTTP\/1\.1 302 Found\r\nLocation: \/b\r\n/,
    ],
    ['a head of 40 KB', `${OK}X: ${'y'.repeat(40_000)}\r\n${TWO}`, /\r\nX: y{40000}\r\n/],
  ])('%s arrives as it was sent', async (_what, wire, expected) => {
    const { head, content } = await through(wire);
    expect(head).toMatch(expected);
    expect(content).toBe('ok');
  });

  it.each([
    ['Connection: close, X-Hop\r\nX-Hop: 1\r\n', /x-hop/i],
    ['Keep-Alive: timeout=5\r\n', /keep-alive/i],
    ['Proxy-Authenticate: Basic realm="x"\r\n', /proxy-authenticate/i],
    ['Proxy-Connection: keep-alive\r\n', /proxy-connection/i],
    ['Upgrade: h2c\r\nConnection: upgrade\r\n', /upgrade/i],
    ['Foretaste-Verdict: clean\r\nFORETASTE-FINDINGS: x\r\n', /clean|FORETASTE-/],
  ])('what belongs to the connection stays behind: %j', async (fields, gone) => {
    const { head, content } = await through(`${OK}${fields}${TWO}`);
    expect(head).not.toMatch(gone);
    expect(content).toBe('ok');
  });

  it.each([
    'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n',
    'HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n',
  ])('%j ends with its head', async (wire) => {
    const { status, content } = await through(wire, { keeps: true });
    expect([status, content]).toEqual([Number(wire.slice(9, 12)), '']);
  });

  it('HEAD ends with its head, and says the length of what GET would bring', async () => {
    const { head, content } = await through(`${OK}Content-Length: 99\r\n\r\n`, {
      method: 'HEAD',
      keeps: true,
    });
    expect(head).toMatch(/\r\nContent-Length: 99\r\n/);
    expect(content).toBe('');
  });

  it('early hints come before the answer, and only to who speaks HTTP/1.1', async () => {
    const wire = `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}${TWO}`;
    expect((await through(wire)).whole).toMatch(
      /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a>\r\n\r\nHTTP\/1\.1 200 OK/,
    );
    expect((await through(wire, { version: '1.0' })).whole).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  it('a 100 that nobody asked for stays behind', async () => {
    expect((await through(`HTTP/1.1 100 Continue\r\n\r\n${OK}${TWO}`)).whole).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  it('trailers arrive behind the content, announced', async () => {
    const wire = `${OK}Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n`;
    const { head, content } = await through(wire);
    expect(head).toMatch(/\r\nTrailer: X-Sum\r\n/);
    expect(content).toBe('2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n');
  });

  it('chunks become the end of the connection for HTTP/1.0', async () => {
    const { head, content } = await through(`${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`, {
      version: '1.0',
    });
    expect(head).not.toMatch(/transfer-encoding/i);
    expect(content).toBe('ok');
  });

  it('content up to the end of the connection is whole', async () => {
    const { status, content } = await through(`${OK}\r\nuntil the end`);
    expect(status).toBe(200);
    expect(content).toBe('d\r\nuntil the end\r\n0\r\n\r\n');
  });
});

/** Of sixteen, squid takes fourteen and tinyproxy fifteen. */
describe('origins that are sloppy', () => {
  it.each([
    ['bare LF', `HTTP/1.1 200 OK\nContent-Length: 2\n\nok`],
    ['a space in a name', `${OK}Bad Name: 1\r\n${TWO}`],
    ['a space before the colon', `${OK}X : 1\r\n${TWO}`],
    ['a control octet in a value', `${OK}X: a\x01b\r\n${TWO}`],
    ['a NUL in a value', `${OK}X: a\0b\r\n${TWO}`],
    ['a folded line', `${OK}X: a\r\n b\r\n${TWO}`],
    ['the same length twice', `${OK}Content-Length: 2\r\n${TWO}`],
    ['a list of equal lengths', `${OK}Content-Length: 2, 2\r\n\r\nok`],
    [
      'a length and chunks',
      `${OK}Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
    ],
    ['a version in lower case', `http/1.1 200 OK\r\n${TWO}`],
    ['no reason', `HTTP/1.1 200\r\n${TWO}`],
    ['a line without a colon', `${OK}nonsense\r\n${TWO}`],
    ['an empty line first', `\r\n${OK}${TWO}`],
    ['octets after the end', `${OK}${TWO}more`],
    ['Transfer-Encoding: identity', `${OK}Transfer-Encoding: identity\r\n${TWO}`],
    ['chunked in capitals', `${OK}Transfer-Encoding: Chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`],
    ['spaces after a chunk size', `${OK}Transfer-Encoding: chunked\r\n\r\n2  \r\nok\r\n0\r\n\r\n`],
    ['zeros before a chunk size', `${OK}Transfer-Encoding: chunked\r\n\r\n0002\r\nok\r\n000\r\n\r\n`],
    ['HTTP/1.0 with chunks', `HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`],
    ['HTTP/1.2', `HTTP/1.2 200 OK\r\n${TWO}`],
  ])('%s: the content is clear, so it is taken', async (_what, wire) => {
    const { status, content, head } = await through(wire);
    expect([status, content.replace(/^2\r\nok\r\n0\r\n\r\n$/, 'ok')]).toEqual([200, 'ok']);
    expect(head).not.toMatch(/[\0\x01]|\r\n |\n\n/);
  });
});

describe('origins that are wrong', () => {
  it.each([
    ['two lengths', `${OK}Content-Length: 2\r\nContent-Length: 3\r\n\r\nokk`],
    ['a signed length', `${OK}Content-Length: +2\r\n\r\nok`],
    ['a coding nobody knows', `${OK}Transfer-Encoding: exotic\r\n${TWO}`],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['nothing', ''],
    ['half a head', 'HTTP/1.1 200 OK\r\nContent-'],
    ['a head without end', `${OK}${'X: y\r\n'.repeat(20_000)}`],
    [
      '101 that nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    ],
    ['a status of two digits', `HTTP/1.1 20 OK\r\n${TWO}`],
  ])('%s is a 502 that names the error', async (_what, wire) => {
    const { status, head } = await through(wire);
    expect(status).toBe(502);
    expect(head).toMatch(/\r\nProxy-Status: foretaste;error=[a-z_]+;/);
  });

  it.each([
    ['in mid length', `${OK}Content-Length: 9\r\n\r\nhalf`],
    ['in mid chunk', `${OK}Transfer-Encoding: chunked\r\n\r\n9\r\nhalf`],
    ['in place of a chunk size', `${OK}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\nok`],
    ['before the last chunk', `${OK}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n`],
  ])('a close %s is seen by the client, and nothing is put in', async (_what, wire) => {
    const { whole, content } = await through(wire);
    expect(whole).not.toMatch(/\r\n0\r\n\r\n|[Ee]rror/);
    expect(content.replace(/^4\r\n|\r\n$/g, '')).toBe('half');
  });

  it('a response splits into no second one', async () => {
    const { whole } = await through(`${OK}X: a\r\n${TWO}HTTP/1.1 200 OK\r\nX-Second: 1\r\n\r\n`);
    expect(whole).not.toMatch(/X-Second/);
  });
});
