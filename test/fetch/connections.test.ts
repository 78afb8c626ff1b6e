/** Connections to origins: used again where that is sound, and never for the wrong answer. */
import { describe, expect, it } from 'vitest';
import { identityOf } from '../../src/domain/index.ts';
import { captureOf, exchange, failureOf, fetcher, profile, rawOrigin, signal, textOf } from './kit.ts';

const PLAIN = identityOf(profile('plain'), { name: 'direct', route: { via: 'direct' }, group: 'direct' });

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';

describe('connections', () => {
  it('are used again', async () => {
    const origin = await rawOrigin(() => ANSWER);
    const client = fetcher();
    for (let n = 0; n < 3; n += 1) await captureOf(client.own(exchange(`${origin.url}/${n}`), signal()));
    expect(origin.connections()).toBe(1);
  });

  it('HEAD and 304 leave them usable', async () => {
    const origin = await rawOrigin((request) =>
      request.startsWith('HEAD')
        ? 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'
        : 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
    );
    const client = fetcher();
    await captureOf(client.own(exchange(`${origin.url}/`, { method: 'HEAD' }), signal()));
    expect(await captureOf(client.own(exchange(`${origin.url}/`), signal()))).toMatchObject({ status: 304 });
    await captureOf(client.own(exchange(`${origin.url}/`), signal()));
    expect(origin.connections()).toBe(1);
  });

  it('an identity has at most perHost open to one origin', async () => {
    const open: Array<() => void> = [];
    const origin = await rawOrigin((_request, socket) => {
      open.push(() => socket.write(ANSWER));
      if (open.length >= 2) for (const go of open.splice(0)) setTimeout(go, 20);
      return undefined;
    });
    const client = fetcher({ limits: { perHost: 2 } });
    const asked = Array.from({ length: 6 }, (_, n) =>
      client.as(PLAIN, exchange(`${origin.url}/${n}`), signal()),
    );
    expect((await Promise.all(asked)).map(({ kind }) => kind)).toEqual(Array(6).fill('capture'));
    expect(origin.connections()).toBe(2);
  });

  it('the crawler has as many as it asks for', async () => {
    const open: Array<() => void> = [];
    const origin = await rawOrigin((_request, socket) => {
      open.push(() => socket.write(ANSWER));
      if (open.length === 6) for (const go of open) go();
      return undefined;
    });
    const client = fetcher({ limits: { perHost: 2 } });
    const asked = Array.from({ length: 6 }, (_, n) =>
      captureOf(client.own(exchange(`${origin.url}/${n}`), signal())),
    );
    await Promise.all(asked);
    expect(origin.connections()).toBe(6);
  });

  it('a GET on a connection that had gone stale is sent once more', async () => {
    const origin = await rawOrigin((_request, socket, count) => {
      if (count === 2) {
        socket.destroy();
        return undefined;
      }
      return ANSWER;
    });
    const client = fetcher();
    await captureOf(client.own(exchange(`${origin.url}/1`), signal()));
    expect(await captureOf(client.own(exchange(`${origin.url}/2`), signal()))).toMatchObject({ status: 200 });
    expect(origin.requests.length).toBe(3);
  });

  it('a POST is never sent twice', async () => {
    const origin = await rawOrigin((_request, socket, count) => {
      if (count === 2) socket.destroy();
      return count === 2 ? undefined : ANSWER;
    });
    const client = fetcher();
    await captureOf(client.own(exchange(`${origin.url}/1`), signal()));
    const failure = await failureOf(client.own(exchange(`${origin.url}/2`, { method: 'POST' }), signal()));
    expect(failure.error).toMatch(/^(connection_terminated|http_response_incomplete)$/);
    expect(origin.requests.length).toBe(2);
  });

  it('an answer that nobody asked for closes the connection instead of answering the next request', async () => {
    const origin = await rawOrigin((_request, socket, count) => {
      if (count === 1) setTimeout(() => socket.write(ANSWER.replace('hello', 'wrong')), 10);
      return ANSWER;
    });
    const client = fetcher();
    await captureOf(client.own(exchange(`${origin.url}/1`), signal()));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await textOf(await captureOf(client.own(exchange(`${origin.url}/2`), signal())))).toBe('hello');
    expect(origin.connections()).toBe(2);
  });
});
