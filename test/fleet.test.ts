/** Several processes behind one port: verdicts of all stand in one store. */

import { ProxyAgent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { html } from './origin/answer.ts';
import { article, render } from './origin/pages.ts';
import { type Origin, startOrigin } from './origin/server.ts';
import { runCommand, type Served, scratch, serveProcess } from './process.ts';

const place = scratch(
  'destinations: { allow: [127.0.0.0/8] }\nperspectives: [{ name: second, localAddress: 127.0.0.2 }]\n',
);
let origin: Origin;
let served: Served;

beforeAll(async () => {
  origin = await startOrigin({ '*': { '*': () => html(render(article(1))) } });
  served = await serveProcess(place, { args: ['--workers', '2'] });
});
afterAll(async () => {
  await served.end();
  await origin.close();
  place.remove();
});

/** One page over a connection of its own, so that connections spread over the workers. */
async function crawl(path: string): Promise<{ status: number; verdict: string }> {
  const dispatcher = new ProxyAgent(served.proxy);
  try {
    const { statusCode, headers, body } = await request(`${origin.urls.http()}${path}`, { dispatcher });
    await body.dump();
    return { status: statusCode, verdict: String(headers['foretaste-verdict']) };
  } finally {
    await dispatcher.close();
  }
}

const verdictsInStore = async (): Promise<number> => {
  const response = await fetch(`${served.api}/v1/verdicts?limit=100`);
  return ((await response.json()) as { items: unknown[] }).items.length;
};

describe('a fleet', () => {
  it('judges on one port, into one store', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, page) => crawl(`/${page}`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(await verdictsInStore()).toBe(8);
  });

  it('tells of every verdict over the API, whichever worker gave it', async () => {
    const aborted = new AbortController();
    const { body } = await fetch(`${served.api}/v1/events`, { signal: aborted.signal });
    if (body === null) throw new Error('Expected a stream of events.');
    const asked = Promise.all(Array.from({ length: 4 }, (_, page) => crawl(`/told/${page}`)));
    const told = new Set<string>();
    let text = '';
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (const [path] of text.matchAll(/\/told\/\d/g)) told.add(path);
      if (told.size === 4) break;
    }
    expect((await asked).every(({ verdict }) => verdict.includes('id="'))).toBe(true);
    const log = await runCommand(['log', 'verify', '--config', place.config, '--data', place.data]);
    expect(log.status).toBe(0);
  });

  it('keeps the API out of reach through any worker', async () => {
    const dispatcher = new ProxyAgent(served.proxy);
    const { statusCode, body } = await request(`${served.api}/v1/verdicts`, { dispatcher });
    await body.dump();
    await dispatcher.close();
    expect(statusCode).toBe(403);
  });
});
