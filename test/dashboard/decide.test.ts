/** Decisions taken from the pages. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/domain/index.ts';
import { dashboardOver } from '../browser/dashboard.ts';
import type { Seeded } from '../browser/tell.ts';
import { finding, lie } from '../store/verdict.ts';
import { clock, emptyStore } from './store.ts';

let seeded: Seeded;
let told: Verdict[];
let app: ReturnType<typeof dashboardOver>;

beforeEach(async () => {
  seeded = await emptyStore();
  told = [];
  app = dashboardOver(seeded, clock, { events: { review: (verdict) => told.push(verdict) } });
});

const divergent = async (fingerprint: string, path = '/a'): Promise<string> => {
  const findings = [finding('split-view.text', { evidence: { fingerprint } })];
  return (await seeded.store.verdicts.append(lie({ findings, url: `https://example.org${path}` }), [])).id;
};
const post = (
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = { Origin: 'http://localhost' },
) => app.request(path, { method: 'POST', body: new URLSearchParams(fields), headers });
const decisionOn = async (id: string): Promise<string | undefined> =>
  (await seeded.store.verdicts.get(id))?.review?.decision;

describe('a decision', () => {
  it('is appended with its note, told to listeners, and leads to the next in the queue', async () => {
    const [first, next] = [await divergent('d1:aa'), await divergent('d1:bb', '/b')];
    const queue = await (await app.request('/')).text();
    const [top, other] = queue.indexOf(first) < queue.indexOf(next) ? [first, next] : [next, first];
    const answer = await post('/decide', { id: top, decision: 'confirm', note: 'seen', sure: 'yes' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('Location')).toBe(`/verdicts/${other}?done=${top}`);
    expect(await seeded.store.verdicts.reviews(top)).toMatchObject([
      { decision: 'confirm', note: 'seen', reviewer: 'local' },
    ]);
    expect(told.map(({ id }) => id)).toEqual([top]);
  });

  it('is appended also where nobody listens', async () => {
    const id = await divergent('d1:aa');
    app = dashboardOver(seeded, clock);
    await post('/decide', { id, decision: 'confirm', sure: 'yes' });
    expect(await decisionOn(id)).toBe('confirm');
  });

  it('covers its group when asked to, and only then', async () => {
    const [one, two, other] = [
      await divergent('d1:aa'),
      await divergent('d1:aa', '/b'),
      await divergent('d1:cc', '/c'),
    ];
    await post('/decide', { id: one, decision: 'dismiss', sure: 'yes' });
    expect(await decisionOn(two)).toBeUndefined();
    await post('/decide', { id: one, decision: 'confirm', sure: 'yes', group: 'yes' });
    expect([await decisionOn(one), await decisionOn(two), await decisionOn(other)]).toEqual([
      'confirm',
      'confirm',
      undefined,
    ]);
  });

  it('about a selection shows first what it would append', async () => {
    const [one, two] = [await divergent('d1:aa'), await divergent('d1:aa', '/b')];
    const answer = await post('/decide', { id: one, decision: 'release' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Release 2 verdicts?');
    expect([await decisionOn(one), await decisionOn(two)]).toEqual([undefined, undefined]);
  });

  it('is taken back by its reverse, appended', async () => {
    const id = await divergent('d1:aa');
    await post('/decide', { id, decision: 'dismiss', sure: 'yes' });
    const answer = await post(`/verdicts/${id}/undo`, {});
    expect(answer.headers.get('Location')).toBe(`/verdicts/${id}`);
    expect((await seeded.store.verdicts.reviews(id)).map(({ decision }) => decision).sort()).toEqual([
      'confirm',
      'dismiss',
    ]);
    expect(await decisionOn(id)).toBe('confirm');
  });

  it('about a group is taken back for the whole group', async () => {
    const [one, two] = [await divergent('d1:aa'), await divergent('d1:aa', '/b')];
    await post('/decide', { id: one, decision: 'confirm', sure: 'yes', group: 'yes' });
    expect(await (await app.request(`/?done=${one}`)).text()).toContain('and 1 other');
    await post(`/verdicts/${one}/undo`, {});
    expect([await decisionOn(one), await decisionOn(two)]).toEqual(['dismiss', 'dismiss']);
  });

  it.each([
    ['another site', { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }],
    ['nowhere', {}],
    ['a sandboxed frame', { Origin: 'null' }],
  ])('from %s is refused', async (_, headers) => {
    const id = await divergent('d1:aa');
    const answer = await post('/decide', { id, decision: 'release', sure: 'yes' }, headers);
    expect(answer.status).toBe(403);
    expect(await decisionOn(id)).toBeUndefined();
  });

  it('of a viewer is refused, and no form is shown', async () => {
    const id = await divergent('d1:aa');
    app = dashboardOver(seeded, clock, { reviewer: () => ({ name: 'guest', decides: false }) });
    expect((await post('/decide', { id, decision: 'release', sure: 'yes' })).status).toBe(403);
    expect(await (await app.request(`/verdicts/${id}`)).text()).not.toContain('action="/decide"');
  });

  it.each([
    [{ decision: 'banish', id: 'x' }, 400, 'confirm, dismiss, release'],
    [{ decision: 'confirm', id: '' }, 400, 'none was selected'],
    [{ decision: 'confirm', id: 'nothing' }, 404, 'No verdict nothing'],
  ])('%j is answered %i', async (fields, status, words) => {
    const answer = await post('/decide', { sure: 'yes', ...fields });
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(words);
  });

  it('can be about a whole source', async () => {
    await divergent('d1:aa');
    expect((await post('/sources/example.org/decide', { decision: 'dismiss', note: 'prices' })).status).toBe(
      303,
    );
    const page = await (await app.request('/sources/example.org')).text();
    expect(page).toContain('Cleared');
    expect(page).toContain('prices');
  });
});
