/** What a newcomer sees before the first verdict: how to point a crawler at the guard. */
import { type Html, html } from './html.ts';

const host = (proxyUrl: string): string => proxyUrl.replace(/^https?:\/\//, '');

export const firstSteps = (proxyUrl: string): Html => html`
<section class="welcome">
  <h2>No verdicts yet</h2>
  <p>The guard is listening. Send a crawler through it and what it judges appears here.</p>
  <h3>Try one page</h3>
  <pre><code>curl -x ${proxyUrl} http://example.org/ -D - -o /dev/null</code></pre>
  <p>The answer carries a <code>Foretaste-Verdict</code> field, and its verdict is under Passed or To review.</p>
  <h3>Run a crawler through it</h3>
  <pre><code>npm run -s foretaste -- run -- YOUR-CRAWLER its-arguments</code></pre>
  <p><code>run</code> sets the proxy and certificate variables for that command. To set them yourself, for every crawler:</p>
  <pre><code>npm run -s foretaste -- env
export http_proxy=${proxyUrl} https_proxy=${proxyUrl}
export SSL_CERT_FILE=$(npm run -s foretaste -- ca path)</code></pre>
  <h3>Or judge without a proxy</h3>
  <pre><code>npm run -s foretaste -- check https://example.org/</code></pre>
  <p class="meta">The guard's proxy is at <code>${host(proxyUrl)}</code>. The <a href="/docs">API</a> serves the same verdicts.</p>
</section>`;
