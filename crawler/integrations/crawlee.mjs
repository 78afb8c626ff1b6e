/** Crawlee behind the guard: `foretaste run -- node crawlee.mjs URL...`, after `npm install @crawlee/cheerio`. */
import { CheerioCrawler, ProxyConfiguration } from '@crawlee/cheerio';

const crawler = new CheerioCrawler({
  proxyConfiguration: new ProxyConfiguration({ proxyUrls: [process.env.http_proxy] }),
  preNavigationHooks: [
    (_context, options) => {
      // Crawlee plays a browser by default. An honest name is what a site may lie to, and what the guard then sees through.
      options.useHeaderGenerator = false;
      options.headers = { 'user-agent': 'example-bot/1.0 (+https://example.org/bot)' };
    },
  ],
  async requestHandler({ request, response, $, pushData }) {
    await pushData({
      url: request.url,
      verdict: response.headers['foretaste-verdict'],
      title: $('title').text(),
    });
  },
  // A withheld page is application/problem+json, which Crawlee takes as final: no second try, no handler on the block page.
  async failedRequestHandler({ request, response }, error) {
    console.error(request.url, response?.headers['foretaste-verdict'] ?? error.message);
  },
});

await crawler.run(process.argv.slice(2));
