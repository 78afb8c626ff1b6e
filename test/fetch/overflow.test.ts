/** Content over limits.body: it goes on to its reader, and is taken from the origin only as the reader takes it. */
import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { captureOf, exchange, fetcher, profile, type RawOrigin, rawOrigin, signal } from './kit.ts';

const LIMIT = 100_000;
const SIZE = 8_000_000;
const content = Buffer.alloc(SIZE, 'abcdefghij');
const sha256 = createHash('sha256').update(content).digest('hex');

/** Pushes as much as the connection takes. */
async function pushy(announce: boolean): Promise<RawOrigin & { pushed: () => number }> {
  let pushed = 0;
  const origin = await rawOrigin((_request, socket) => {
    socket.write(`HTTP/1.1 200 OK\r\n${announce ? `Content-Length: ${SIZE}` : 'Connection: close'}\r\n\r\n`);
    const push = (): void => {
      while (pushed < SIZE) {
        const next = content.subarray(pushed, pushed + 50_000);
        pushed += next.length;
        if (!socket.write(next)) {
          socket.once('drain', push);
          return;
        }
      }
      if (!announce) socket.end();
    };
    push();
    return undefined;
  });
  return { ...origin, pushed: () => pushed };
}

describe.each([
  ['announced, and nothing of it kept', true, 0],
  ['not announced, and its beginning kept', false, LIMIT],
])('content whose length is %s', (_name, announce, kept) => {
  it('streams to its reader, with digests over all', async () => {
    const origin = await pushy(announce);
    const arrival = await fetcher({ limits: { body: LIMIT } }).own(exchange(`${origin.url}/`), signal());
    if (arrival.kind !== 'arrival') throw new Error(arrival.detail);
    expect(await arrival.overflow).toBe(true);
    const hash = createHash('sha256');
    for await (const chunk of arrival.stream()) hash.update(chunk);
    expect(hash.digest('hex')).toBe(sha256);
    const capture = await captureOf(arrival);
    expect(capture).toMatchObject({
      truncated: true,
      body: { size: kept },
      received: SIZE,
      digests: { entity: { sha256 } },
    });
    await capture.body.release();
  });

  it('is not taken before somebody reads it', async () => {
    const origin = await pushy(announce);
    const arrival = await fetcher({ limits: { body: LIMIT } }).own(exchange(`${origin.url}/`), signal());
    if (arrival.kind !== 'arrival') throw new Error(arrival.detail);
    await arrival.overflow;
    // As much as the kernel's buffers hold on both sides, and not the rest.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(origin.pushed()).toBeLessThan(SIZE);
    for await (const _ of arrival.stream());
    expect(origin.pushed()).toBe(SIZE);
  });
});

it('a reader that leaves ends the connection, and what came is a truncated capture', async () => {
  const origin = await pushy(true);
  const arrival = await fetcher({ limits: { body: LIMIT } }).own(exchange(`${origin.url}/`), signal());
  if (arrival.kind !== 'arrival') throw new Error(arrival.detail);
  let read = 0;
  for await (const chunk of arrival.stream()) {
    read += chunk.length;
    if (read > 2 * LIMIT) break;
  }
  expect(await captureOf(arrival)).toMatchObject({ truncated: true, body: { size: 0 }, received: read });
  expect(origin.pushed()).toBeLessThan(SIZE);
});

it('a reference stops at the limit', async () => {
  const origin = await pushy(true);
  const attempt = await fetcher({ limits: { body: LIMIT } }).as(
    {
      name: 'plain@direct',
      profile: profile('plain'),
      perspective: { name: 'direct', route: { via: 'direct' }, group: '' },
    },
    exchange(`${origin.url}/`),
    signal(),
  );
  expect(attempt).toMatchObject({ kind: 'capture', truncated: true, body: { size: 0 } });
  expect(origin.pushed()).toBeLessThan(SIZE);
});

it('content within the limit but larger than memory is whole on disk', async () => {
  const origin = await pushy(true);
  const capture = await captureOf(fetcher().own(exchange(`${origin.url}/`), signal()));
  expect(capture).toMatchObject({ truncated: false, body: { size: SIZE }, digests: { entity: { sha256 } } });
  expect(
    createHash('sha256')
      .update(await capture.body.bytes())
      .digest('hex'),
  ).toBe(sha256);
  await capture.body.release();
});

it('large content with a coding has digests of what the coding gives', async () => {
  const noise = randomBytes(1 << 20);
  const coded = gzipSync(noise);
  const origin = await rawOrigin((_request, socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${coded.length}\r\n\r\n`);
    socket.write(coded);
    return undefined;
  });
  const capture = await captureOf(fetcher().own(exchange(`${origin.url}/`), signal()));
  expect(capture.digests).toEqual({
    entity: digestsOf(coded),
    decoded: digestsOf(noise),
  });
  expect(noise.equals(await capture.body.decoded())).toBe(true);
  await capture.body.release();
});

const digestsOf = (bytes: Buffer): Record<string, string> =>
  Object.fromEntries(
    ['md5', 'sha1', 'sha256'].map((alg) => [alg, createHash(alg).update(bytes).digest('hex')]),
  );
