/** HTTP/2 origins that are odd, slow, or leave in the middle. */
import { constants, createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Exchange, identityOf } from '../../src/domain/index.ts';
import { createTestAuthority } from '../origin/authority.ts';
import { captureOf, exchange, failureOf, fetcher, profile, signal, textOf } from './kit.ts';

const authority = await createTestAuthority();
const BROWSER = identityOf(profile('chrome-desktop'), {
  name: 'direct',
  route: { via: 'direct' },
  group: 'direct',
});

interface Origin {
  readonly server: Http2SecureServer;
  readonly asked: Exchange;
  readonly sessions: () => number;
}

async function origin(say: (stream: ServerHttp2Stream, count: number) => void): Promise<Origin> {
  let count = 0;
  let sessions = 0;
  const server = createSecureServer(authority.byAddress);
  server.on('session', () => {
    sessions += 1;
  });
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    count += 1;
    say(stream, count);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
  });
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { server, asked: exchange(url, { httpVersion: '2' }), sessions: () => sessions };
}

const trusting = (more = {}) => fetcher({ upstreamCa: [authority.ca], ...more });

describe('a response over HTTP/2', () => {
  it('comes with interim responses, fields in order, and trailers', async () => {
    const told: number[] = [];
    const { asked } = await origin((stream) => {
      stream.additionalHeaders({ ':status': 103, link: '</a>' });
      stream.respond({ ':status': 200, 'x-b': '1', 'x-a': '2' }, {
        waitForTrailers: true,
        sendDate: false,
      } as object);
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-end': '1' }));
      stream.end('hello');
    });
    const capture = await captureOf(
      trusting().own({ ...asked, interim: (status) => told.push(status) }, signal()),
    );
    expect(told).toEqual([103]);
    expect(capture).toMatchObject({ status: 200, httpVersion: '2', reason: '', trailers: [['x-end', '1']] });
    expect(capture.fields.slice(0, 2)).toEqual([
      ['x-b', '1'],
      ['x-a', '2'],
    ]);
    expect(await textOf(capture)).toBe('hello');
  });

  it('of several megabytes flows', async () => {
    const content = Buffer.alloc(5_000_000, 'abc');
    const { asked } = await origin((stream) => {
      stream.respond({ ':status': 200 });
      stream.end(content);
    });
    const capture = await captureOf(trusting().own(asked, signal()));
    expect(content.equals(await capture.body.bytes())).toBe(true);
    await capture.body.release();
  });

  it('without content ends at its head', async () => {
    const { asked } = await origin((stream) => stream.respond({ ':status': 204 }, { endStream: true }));
    expect(await captureOf(trusting().own(asked, signal()))).toMatchObject({
      status: 204,
      body: { size: 0 },
    });
  });

  it('that is reset in the middle is truncated', async () => {
    const { asked } = await origin((stream) => {
      stream.respond({ ':status': 200, 'content-length': '10' });
      stream.write('half', () => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
    });
    expect(await captureOf(trusting().own(asked, signal()))).toMatchObject({ status: 200, truncated: true });
  });

  it('that is refused once is asked for again, on a new connection', async () => {
    const { asked, sessions } = await origin((stream, count) => {
      if (count === 1) stream.close(constants.NGHTTP2_REFUSED_STREAM);
      else stream.respond({ ':status': 200 }, { endStream: true });
    });
    expect(await captureOf(trusting().own(asked, signal()))).toMatchObject({ status: 200 });
    expect(sessions()).toBe(2);
  });

  it('after the origin said goodbye comes over a new connection', async () => {
    const { asked, sessions } = await origin((stream) => {
      stream.respond({ ':status': 200 });
      stream.end('x', () => stream.session?.close());
    });
    const client = trusting();
    await captureOf(client.own(asked, signal()));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await captureOf(client.own(asked, signal()));
    expect(sessions()).toBe(2);
  });

  it('that does not come is a failure, as is one that is given up', async () => {
    const { asked } = await origin(() => {});
    const client = trusting({ timeouts: { head: 60 } });
    expect(await failureOf(client.own(asked, signal()))).toMatchObject({ error: 'connection_read_timeout' });
    const controller = new AbortController();
    const given = client.own(asked, controller.signal);
    controller.abort();
    expect(await failureOf(given)).toMatchObject({ error: 'connection_terminated' });
  });

  it('to content that was sent echoes it', async () => {
    const { asked } = await origin((stream) => {
      stream.respond({ ':status': 200 });
      stream.pipe(stream);
    });
    async function* content() {
      yield Buffer.from('one ');
      yield Buffer.from('two');
    }
    const capture = await captureOf(
      trusting().own({ ...asked, method: 'POST', content: content() }, signal()),
    );
    expect(await textOf(capture)).toBe('one two');
  });
});

it('requests of an identity share one connection, at most perHost at once', async () => {
  let [open, most] = [0, 0];
  const { asked, sessions } = await origin((stream) => {
    open += 1;
    most = Math.max(most, open);
    setTimeout(() => {
      open -= 1;
      stream.respond({ ':status': 200 }, { endStream: true });
    }, 10);
  });
  const client = trusting({ limits: { perHost: 3 } });
  await Promise.all(Array.from({ length: 9 }, () => client.as(BROWSER, asked, signal())));
  expect(sessions()).toBe(1);
  expect(most).toBe(3);
});
