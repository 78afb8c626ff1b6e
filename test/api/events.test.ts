import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lie } from '../store/verdict.ts';
import { type Api, openApi } from './harness.ts';

/** Reads events until `count` have come. */
async function read(response: Response, count: number): Promise<string[]> {
  const events: string[] = [];
  let rest = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const parts = (rest + chunk).split('\n\n');
    rest = parts.pop() ?? '';
    events.push(...parts.filter((part) => part !== ':'));
    if (events.length >= count) break;
  }
  return events;
}

describe('GET /v1/events', () => {
  let api: Api;
  beforeAll(async () => {
    api = await openApi();
  });
  afterAll(() => api.close());

  it('tells of each verdict and review once', async () => {
    const response = await api.call('/v1/events');
    expect(response.headers.get('Content-Type')).toBe('text/event-stream');
    const first = await api.store.verdicts.append(lie(), []);
    api.deps.events.verdict(first);
    const { body } = await api.ask(`/v1/verdicts/${first.id}/review`, { json: { decision: 'dismiss' } });
    expect(await read(response, 2)).toEqual([
      `event: verdict\nid: ${first.log}\ndata: ${JSON.stringify(first)}`,
      `event: review\ndata: ${JSON.stringify(body)}`,
    ]);
  });

  it('tells again what came after the last event that a client saw', async () => {
    const missed = [await api.store.verdicts.append(lie(), []), await api.store.verdicts.append(lie(), [])];
    const response = await api.call('/v1/events', {
      headers: { 'Last-Event-ID': String((missed[0]?.log ?? 0) - 1) },
    });
    expect((await read(response, 2)).map((event) => event.split('\n')[1])).toEqual(
      missed.map(({ log }) => `id: ${log}`),
    );
  });

  it('forgets a client that has gone', async () => {
    const response = await api.call('/v1/events');
    await response.body?.cancel();
    const listening = await api.call('/v1/events');
    api.deps.events.verdict(await api.store.verdicts.append(lie(), []));
    expect(await read(listening, 1)).toHaveLength(1);
  });
});
