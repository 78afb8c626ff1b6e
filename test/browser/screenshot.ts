/** Makes docs/dashboard.png from example.org data: `node test/browser/screenshot.ts`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { loadConfig } from '../../src/config.ts';
import { startNode } from '../../src/node.ts';
import { launch } from './launch.ts';
import { seed } from './seed.ts';

const TARGET = resolve(import.meta.dirname, '../../docs/dashboard.png');
const folder = await mkdtemp(join(tmpdir(), 'foretaste-screenshot-'));
const { store } = await seed(folder, Date.now());
const { items } = await store.verdicts.list({ limit: 100, source: 'ferries.example.org' });
await store.close();
const shown = items.find(({ url }) => url.endsWith('/ferry/lower'));

const node = await startNode(loadConfig({ data: folder, proxy: '127.0.0.1:0', api: '127.0.0.1:0' }));
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1180, height: 1120 } });
await page.goto(`${node.apiUrl}/verdicts/${shown?.id}`);
// Few colours: a palette makes it a third of the size and looks the same.
const png = await sharp(await page.screenshot())
  .png({ palette: true, colours: 128, effort: 10 })
  .toFile(TARGET);
process.stdout.write(`${TARGET} ${png.width} x ${png.height}, ${png.size} bytes\n`);
await browser.close();
await node.close();
await rm(folder, { recursive: true, force: true });
