/** The pages, over a seeded store. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboardOver } from '../browser/dashboard.ts';
import { seed } from '../browser/seed.ts';
import type { Seeded } from '../browser/tell.ts';
import { liveParts } from './inert.ts';
import { clock, emptyStore, folder, NOW } from './store.ts';

let seeded: Seeded;
let app: ReturnType<typeof dashboardOver>;
const idOf = async (part: string): Promise<string> => {
  const { items } = await seeded.store.verdicts.list({ limit: 200 });
  return items.find(({ url }) => url.includes(part))?.id ?? '';
};
const textOf = async (path: string): Promise<string> => (await app.request(path)).text();

beforeAll(async () => {
  seeded = await seed(await folder(), NOW);
  app = dashboardOver(seeded, clock);
});
afterAll(() => seeded.store.close());

describe('every page', () => {
  it('carries a policy that lets nothing run or load but our own', async () => {
    for (const path of [
      '/',
      '/sources',
      '/sources/ferries.example.org',
      '/datasets',
      `/verdicts/${await idOf('/ferry/lower')}`,
      '/verdicts/none',
    ]) {
      const { headers } = await app.request(path);
      expect(headers.get('Content-Security-Policy')).toMatch(/^default-src 'none';/);
      expect(headers.get('Content-Security-Policy')).not.toContain('unsafe');
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('Cache-Control')).toBe('no-store');
    }
  });

  it('is inert, whatever was crawled', async () => {
    const notes = await idOf('/notes');
    const paths = [
      '/',
      '/?tab=passed',
      '/sources',
      '/sources/ferries.example.org',
      `/?q=${encodeURIComponent('"><script>alert(1)</script>')}`,
    ];
    const tabs = ['text', 'links', 'labels', 'data', 'fields', 'raw'].map(
      (tab) => `/verdicts/${notes}?tab=${tab}`,
    );
    for (const path of [...paths, ...tabs]) expect(liveParts(await textOf(path)), path).toEqual([]);
  });

  it('serves style and script under addresses of their own', async () => {
    const page = await textOf('/');
    for (const [, path = ''] of page.matchAll(/(?:href|src)="(\/dashboard\/[^"]+)"/g)) {
      const answer = await app.request(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('Content-Type')).toMatch(/css|javascript|svg/);
    }
  });
});

describe('the queue', () => {
  it('opens on what needs a decision, grouped and counted', async () => {
    const page = await textOf('/');
    expect(page).toMatch(/To review <span class="n">4<\/span>/);
    expect(page).toMatch(/Reopened <span class="n">1<\/span>/);
    expect(page.indexOf('ferries.example.org')).toBeLessThan(page.indexOf('docs.example.com'));
    expect(page).toContain('×5');
  });

  it('takes the filter from its address and names what it does not understand', async () => {
    const page = await textOf('/?q=host:docs.example.com+sevrity:high');
    expect(page).toContain('docs.example.com');
    expect(page).not.toContain('pictures.example.com');
    expect(page).toContain('before the colon but received sevrity');
  });

  it('says how to point a crawler at the guard while there is nothing', async () => {
    const empty = dashboardOver(await emptyStore(), clock, { proxyUrl: 'http://127.0.0.1:18080' });
    const page = await (await empty.request('/')).text();
    expect(page).toContain('curl -x http://127.0.0.1:18080');
    expect(page).toContain('npm run -s foretaste -- run');
  });
});

describe('one verdict', () => {
  it('gives the reason first and marks the words that only the crawler got', async () => {
    const page = await textOf(`/verdicts/${await idOf('/ferry/lower')}`);
    expect(page).toMatch(/<h1[^>]*><bdi>One paragraph \(212 characters\) reached only the crawler/);
    expect(page).toContain('<del><bdi>ninety</bdi></del>');
    expect(page).toContain('<ins><bdi>nineteen</bdi></ins>');
    expect(page).toContain('firefox-desktop@second');
  });

  it('opens on the tab that has a difference', async () => {
    const page = await textOf(`/verdicts/${await idOf('/python/files')}`);
    expect(page).toMatch(/tab=code" aria-current="page"/);
  });

  it('compares with the visitor that was asked for', async () => {
    const page = await textOf(`/verdicts/${await idOf('/ferry/lower')}?against=plain@second`);
    expect(page).toMatch(/against=plain%40second" aria-current="true"/);
  });

  it('does not call anything a difference when everyone was given the same', async () => {
    const page = await textOf(`/verdicts/${await idOf('/tides/60')}`);
    expect(page).toContain('No difference here.');
    expect(page).not.toMatch(/class="r (?:left|right|changed)/);
  });

  it('can be taken along as a unified diff that nothing opens', async () => {
    const answer = await app.request(`/verdicts/${await idOf('/ferry/lower')}/unified.diff`);
    expect(answer.headers.get('Content-Disposition')).toMatch(/^attachment; filename="01JD\w+\.diff"$/);
    expect(await answer.text()).toMatch(/^\+Whenever the Lower Ferry/m);
  });

  it('is not there: 404, in words', async () => {
    const answer = await app.request('/verdicts/nothing');
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('No verdict nothing is held.');
  });

  it('shows quotes from the findings when no body is held', async () => {
    const { store } = seeded;
    const without = dashboardOver(
      { store, bodies: { put: async () => {}, get: async () => undefined } },
      clock,
    );
    const page = await (await without.request(`/verdicts/${await idOf('/ferry/lower')}`)).text();
    expect(page).toContain('its operator went bankrupt');
    expect(page).toContain('no longer held');
  });
});

describe('a picture', () => {
  it('is shown only as what the composition re-encoded, and only to its own verdict', async () => {
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
    const withPreviews = dashboardOver(seeded, clock, { preview: async () => png });
    const id = await idOf('harbour.png');
    const page = await (await withPreviews.request(`/verdicts/${id}`)).text();
    const [, path = ''] = /<img src="([^"]+)"/.exec(page) ?? [];
    const answer = await withPreviews.request(path);
    expect(answer.headers.get('Content-Type')).toBe('image/png');
    expect(answer.headers.get('Content-Security-Policy')).toBe("default-src 'none'; sandbox");
    expect((await withPreviews.request(`/verdicts/${id}/pictures/${'0'.repeat(64)}.png`)).status).toBe(404);
  });

  it('is offered as a download only where nothing re-encodes', async () => {
    expect(await textOf(`/verdicts/${await idOf('harbour.png')}`)).toContain('inert download only');
  });
});
