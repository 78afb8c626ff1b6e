/** The client of an edge vantage, against a vantage that checks what it is sent. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Attempt, identityOf } from '../../src/domain/index.ts';
import { signature } from '../../src/fetch/vantage.ts';
import { exchange, fetcher, profile, signal, textOf } from './kit.ts';

const SECRET = 'between us';

interface Question {
  readonly url: string;
  readonly method: string;
  readonly fields: ReadonlyArray<readonly [string, string]>;
}

/** A vantage that answers what `say` gives, once the signature is right. */
async function vantage(say: (question: Question) => string): Promise<string> {
  const server = createServer(async (request, response) => {
    let content = '';
    for await (const chunk of request) content += String(chunk);
    const [time, nonce, signed] = ['time', 'nonce', 'signature'].map((part) =>
      String(request.headers[`foretaste-vantage-${part}`]),
    );
    if (signed !== signature(SECRET, time ?? '', nonce ?? '', content)) {
      response.writeHead(403).end();
      return;
    }
    response.end(say(JSON.parse(content)));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const ask = (url: string, asked = 'https://example.org/a?b', secret = SECRET): Promise<Attempt> =>
  fetcher().as(
    identityOf(profile('chrome-desktop'), {
      name: 'edge',
      route: { via: 'vantage', url, secret },
      group: 'edge',
    }),
    exchange(asked),
    signal(),
  );

describe('a vantage', () => {
  it('is asked for the URL with the fields of the profile, and its answer is the capture', async () => {
    let asked: Question | undefined;
    const url = await vantage((question) => {
      asked = question;
      return `${JSON.stringify({ status: 404, fields: [['Content-Type', 'text/plain']] })}\nnot\nhere`;
    });
    const attempt = await ask(url);
    if (attempt.kind !== 'capture') throw new Error(attempt.detail);
    expect(attempt).toMatchObject({
      identity: 'chrome-desktop@edge',
      url: 'https://example.org/a?b',
      status: 404,
      mediaType: 'text/plain',
    });
    expect(await textOf(attempt)).toBe('not\nhere');
    expect(asked).toMatchObject({ url: 'https://example.org/a?b', method: 'GET' });
    expect(asked?.fields.map(([name]) => name.toLowerCase())).toContain('sec-ch-ua');
    expect(asked?.fields.map(([name]) => name.toLowerCase())).not.toContain('connection');
  });

  it('that received nothing says why', async () => {
    const url = await vantage(() => '{"error":"dns_error"}\n');
    expect(await ask(url)).toMatchObject({ kind: 'failure', detail: expect.stringContaining('dns_error') });
  });

  it('with another secret refuses', async () => {
    const url = await vantage(() => '');
    expect(await ask(url, undefined, 'guessed')).toMatchObject({
      kind: 'failure',
      detail: expect.stringContaining('403'),
    });
  });

  it.each([
    '',
    'no json\n',
    '{"status":"200"}\n',
    '{"status":200,"fields":[["a"]]}\n',
    '{"status":100,"fields":[]}\n',
  ])('that answers %j is a failure', async (answer) => {
    expect(await ask(await vantage(() => answer))).toMatchObject({ kind: 'failure' });
  });

  it('is reached by https only', async () => {
    expect(await ask('http://vantage.example/')).toMatchObject({ error: 'proxy_configuration_error' });
  });
});
