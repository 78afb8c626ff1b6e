/** Chromium as a client: opens a URL through the proxy, and saves what it is offered as a download. Its own process. */
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { launch } from '../../browser/launch.ts';

const [url = '', file = '', proxy = '', root = ''] = process.argv.slice(2);
const key = new X509Certificate(readFileSync(root)).publicKey.export({ type: 'spki', format: 'der' });
const spki = createHash('sha256').update(key).digest('base64');
// Certificates are verified: only chains to this root pass, as if it stood in the store of roots.
const browser = await launch([`--ignore-certificate-errors-spki-list=${spki}`]);
const context = await browser.newContext({
  proxy: { server: proxy, bypass: '<-loopback>' },
  acceptDownloads: true,
});
const page = await context.newPage();
const offered = page.waitForEvent('download', { timeout: 20_000 }).catch(() => undefined);
// Content that is offered as a download aborts the navigation.
const response = await page.goto(url).catch(() => undefined);
const download = response === null || response === undefined ? await offered : undefined;
await download?.saveAs(file);
await browser.close();
process.exit(download === undefined ? 22 : 0);
