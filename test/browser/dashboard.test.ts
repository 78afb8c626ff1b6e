/** The dashboard in a real browser, over the real composition: keys, decisions, and what it is not allowed to do. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { type RunningNode, startNode } from '../../src/node.ts';
import { launch } from './launch.ts';
import { seed } from './seed.ts';

let folder: string;
let node: RunningNode;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** What a page tried although it may not, and what broke: empty at the end of each test. */
let complaints: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foretaste-browser-'));
  const { store } = await seed(folder, Date.now());
  await store.close();
  node = await startNode(loadConfig({ data: folder, proxy: '127.0.0.1:0', api: '127.0.0.1:0' }));
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await node?.close();
  await rm(folder, { recursive: true, force: true });
});

const open = async (options: Parameters<Browser['newContext']>[0] = {}): Promise<void> => {
  context = await browser.newContext({ ...options, viewport: { width: 1280, height: 860 } });
  page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== node.apiUrl) complaints.push(`left for ${request.url()}`);
  });
  page.on('response', (answer) => {
    if (answer.status() >= 400) complaints.push(`${answer.status()} ${answer.url()}`);
  });
};
beforeEach(async () => {
  complaints = [];
  await open();
});
afterEach(async () => {
  await context.close();
  expect(complaints).toEqual([]);
});

const verdictAbout = async (part: string): Promise<string> => {
  const { items } = await node.core.store.verdicts.list({ limit: 200 });
  return `${node.apiUrl}/verdicts/${items.find(({ url }) => url.includes(part))?.id}`;
};
const focused = () => page.locator(':focus').textContent();

describe('the queue', () => {
  it('is walked, selected and opened with keys', async () => {
    await page.goto(node.apiUrl);
    await page.keyboard.press('j');
    expect(await focused()).toContain('One paragraph (212 characters)');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    expect(await page.textContent('[data-selected]')).toBe('1 selected');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/verdicts\//);
    expect(await page.textContent('h1')).toContain('reached only the crawler');
  });

  it('leaves every key alone while someone types', async () => {
    await page.goto(node.apiUrl);
    await page.keyboard.press('/');
    await page.keyboard.type('jqaxz?');
    expect(await page.inputValue('input[type=search]')).toBe('jqaxz?');
    await page.fill('input[type=search]', 'host:docs.example.com');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=host%3Adocs\.example\.com/);
    expect(await page.locator('section.source').count()).toBe(1);
  });

  it('lists its keys', async () => {
    await page.goto(node.apiUrl);
    await page.keyboard.press('?');
    expect(await page.isVisible('#keys')).toBe(true);
    expect(await page.textContent('#keys')).toContain('Undo the last decision');
    await page.keyboard.press('Escape');
    expect(await page.isVisible('#keys')).toBe(false);
  });

  it('says quietly that something new came', async () => {
    await page.goto(node.apiUrl);
    const [some] = (await node.core.store.verdicts.list({ limit: 1, verdict: ['poisoned'] })).items;
    await expect
      .poll(async () => {
        if (some) node.core.events.verdict(some);
        return page.isVisible('[data-live]');
      })
      .toBe(true);
    expect(await page.textContent('[data-live]')).toMatch(/new verdicts? to look at/);
  });
});

describe('one verdict', () => {
  it('changes tabs with keys and jumps between differences', async () => {
    await page.goto(await verdictAbout('/ferry/lower'));
    await page.keyboard.press('j');
    expect(await focused()).toContain('ninety');
    await page.keyboard.press('l');
    await page.waitForURL(/tab=links/);
    expect(await page.textContent('.sides')).toContain('https://upper-ferry.example.net/book');
    await page.keyboard.press('t');
    await page.waitForURL(/tab=text/);
  });

  it('shows pictures re-encoded, in four modes', async () => {
    await page.goto(await verdictAbout('harbour.png'));
    const stage = page.locator('[data-stage]');
    const widths = '[...document.images].map((image) => image.naturalWidth)';
    expect(await page.evaluate(widths)).toEqual([480, 480]);
    for (const [key, mode] of [
      ['w', 'swipe'],
      ['o', 'onion'],
      ['h', 'heat'],
      ['s', 'split'],
    ] as const) {
      await page.keyboard.press(key);
      expect(await stage.getAttribute('data-shows')).toBe(mode);
    }
  });

  it('shows hostile text without running it', async () => {
    const address = await verdictAbout('/notes');
    for (const tab of ['text', 'raw', 'data']) {
      await page.goto(`${address}?tab=${tab}`);
      expect(await page.title()).toBe('suspect ferries.example.org · Foretaste');
    }
  });

  it('is decided with a key, taken back with another', async () => {
    const address = await verdictAbout('/python/files');
    await page.goto(address);
    await page.keyboard.press('q');
    await page.waitForURL(/done=/);
    expect(await page.textContent('.done')).toContain('Confirmed docs.example.com/python/files');
    await page.keyboard.press('z');
    await page.waitForURL(address);
    expect(await page.textContent('.reviews')).toMatch(/Dismissed by local.*Confirmed by local/s);
  });
});

describe('the policy', () => {
  it('is in force: what a page tries to get from another host is stopped before it leaves', async () => {
    await page.goto(node.apiUrl);
    const failed = page.waitForEvent('requestfailed');
    await page.evaluate("void (new Image().src = 'http://other.example.org/x.png')");
    expect((await failed).failure()?.errorText).toBe('csp');
    expect(complaints.join()).toContain('Content Security Policy');
    complaints.length = 0;
  });
});

describe('without script', () => {
  it('pages are read and decisions taken all the same', async () => {
    await context.close();
    await open({ javaScriptEnabled: false });
    await page.goto(node.apiUrl);
    await page.click('text=The picture differs');
    await page.fill('textarea', 'checked');
    await page.click('button[value=confirm]');
    await page.waitForURL(/done=/);
    await page.goto(`${node.apiUrl}/?tab=quarantined`);
    expect(await page.textContent('main')).toContain('The picture differs');
  });
});
