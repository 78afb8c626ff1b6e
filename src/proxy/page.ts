/** `http://foretaste.local/` through the proxy: the root certificate, and how each client comes to trust it. */
import type { Authority } from './authority.ts';
import type { RequestHead, Responder } from './message.ts';

export const PAGE_HOST = 'foretaste.local';

/** Answer a request for the page. `proxy`: where this proxy listens, `127.0.0.1:8080`. */
export function answerPage(
  head: RequestHead,
  path: string,
  responder: Responder,
  { rootPem, rootDer }: Pick<Authority, 'rootPem' | 'rootDer'>,
  proxy: string,
): void {
  const [name = '/'] = path.split('?');
  const found = ((): { type: string; content: string | Uint8Array; file?: string } | undefined => {
    switch (name) {
      case '/':
        return { type: 'text/html; charset=utf-8', content: html(proxy) };
      case '/foretaste.pem':
        return { type: 'application/x-pem-file', content: rootPem, file: 'foretaste.pem' };
      case '/foretaste.der':
      case '/foretaste.cer':
        return { type: 'application/x-x509-ca-cert', content: rootDer, file: name.slice(1) };
      case '/proxy.pac':
        return { type: 'application/x-ns-proxy-autoconfig', content: pac(proxy) };
      default:
        return undefined;
    }
  })();
  const readable = head.method === 'GET' || head.method === 'HEAD';
  const status = !readable ? 405 : found === undefined ? 404 : 200;
  const { type, content, file } =
    status === 200 && found !== undefined
      ? found
      : {
          type: 'text/plain; charset=utf-8',
          content: 'There are /, /foretaste.pem, /foretaste.der and /proxy.pac here.\n',
        };
  const octets = Buffer.from(content);
  responder.whole(
    {
      status,
      reason: status === 200 ? 'OK' : status === 404 ? 'Not Found' : 'Method Not Allowed',
      fields: [
        ['Content-Type', type],
        ['Content-Length', String(octets.length)],
        ...(file === undefined ? [] : [['Content-Disposition', `attachment; filename="${file}"`] as const]),
        ...(status === 405 ? [['Allow', 'GET, HEAD'] as const] : []),
        ['Cache-Control', 'no-store'],
        ['Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'"],
        ['X-Content-Type-Options', 'nosniff'],
      ],
      content: head.method === 'HEAD' ? 'none' : 'length',
    },
    octets,
  );
}

const pac = (proxy: string): string => `function FindProxyForURL(url, host) {
  return isPlainHostName(host) ? 'DIRECT' : 'PROXY ${proxy}';
}
`;

/** Client, and what points it here; measured in docs/proxy.md. */
const CLIENTS: ReadonlyArray<readonly [client: string, help: string]> = [
  ['All of them at once', 'foretaste run -- COMMAND'],
  ['A shell', 'eval "$(foretaste env)"'],
  ['curl', 'curl -x http://PROXY --cacert foretaste.pem URL'],
  [
    'wget',
    'wget -e use_proxy=yes -e http_proxy=http://PROXY -e https_proxy=http://PROXY --ca-certificate=foretaste.pem URL',
  ],
  ['aria2', 'aria2c --all-proxy=http://PROXY --ca-certificate=foretaste.pem URL'],
  [
    'Python urllib, img2dataset',
    'http_proxy=http://PROXY https_proxy=http://PROXY SSL_CERT_FILE=foretaste.pem',
  ],
  ['Python requests', 'HTTPS_PROXY=http://PROXY REQUESTS_CA_BUNDLE=foretaste.pem'],
  ['Scrapy', 'http_proxy=http://PROXY https_proxy=http://PROXY (Scrapy verifies no certificates by default)'],
  ['Node 24', 'NODE_USE_ENV_PROXY=1 HTTPS_PROXY=http://PROXY NODE_EXTRA_CA_CERTS=foretaste.pem'],
  ['Go', 'HTTPS_PROXY=http://PROXY SSL_CERT_FILE=foretaste.pem'],
  [
    'Debian, Ubuntu',
    'cp foretaste.pem /usr/local/share/ca-certificates/foretaste.crt && update-ca-certificates',
  ],
  ['Chromium on Linux', 'certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n foretaste -i foretaste.pem'],
];

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const html = (proxy: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Foretaste</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}code{background:#8882;padding:.1em .3em;overflow-wrap:anywhere}td{vertical-align:top;padding:.3rem 1rem .3rem 0}</style>
<h1>Foretaste</h1>
<p>This request went through the guard proxy at <code>${escaped(proxy)}</code>. To read HTTPS, a client has to trust its root certificate,
which was made on this machine and whose key never leaves it:</p>
<ul>
<li><a href="/foretaste.pem">foretaste.pem</a></li>
<li><a href="/foretaste.der">foretaste.der</a>, the same in DER</li>
<li><a href="/proxy.pac">proxy.pac</a>, a proxy auto-configuration file</li>
</ul>
<table>
${CLIENTS.map(([client, help]) => `<tr><th scope="row" style="text-align:left">${escaped(client)}</th><td><code>${escaped(help.replaceAll('PROXY', proxy))}</code></td></tr>`).join('\n')}
</table>
</html>
`;
