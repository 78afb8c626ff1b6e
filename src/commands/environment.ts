/** The variables and flags that point crawlers at the guard, and make them trust its root. */
/** Where a guard can be reached, and which files hold its root. */
export interface Reach {
  /** `http://127.0.0.1:8080`, with credentials where the proxy asks for them. */
  readonly proxy: string;
  /** The guard's own root alone, PEM. */
  readonly root: string;
  /** The system's roots and the guard's, PEM: variables that replace a client's store need both. */
  readonly bundle: string;
}

/**
 * Environment variables, by name. Each was tried with the client it is for; GnuTLS wget reads none of them,
 * see `wgetrc`.
 */
export function variables({ proxy, root, bundle }: Reach): Record<string, string> {
  return {
    http_proxy: proxy,
    https_proxy: proxy,
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    ALL_PROXY: proxy,
    NODE_USE_ENV_PROXY: '1',
    SSL_CERT_FILE: bundle,
    REQUESTS_CA_BUNDLE: bundle,
    CURL_CA_BUNDLE: bundle,
    // Node adds this to its own roots, so the root alone is enough.
    NODE_EXTRA_CA_CERTS: root,
    AWS_CA_BUNDLE: bundle,
    GIT_SSL_CAINFO: bundle,
  };
}

/**
 * Variables that would lead around the guard. `SSL_CERT_DIR` goes because OpenSSL's curl prefers it to SSL_CERT_FILE.
 */
export const REMOVED = ['no_proxy', 'NO_PROXY', 'SSL_CERT_DIR'] as const;

/** Flags for clients that no variable reaches, or that have a better way of their own. */
export function flags({ proxy, root, bundle }: Reach): Record<string, string> {
  return {
    curl: `--proxy ${proxy} --cacert ${bundle}`,
    wget: `-e use_proxy=yes -e http_proxy=${proxy} -e https_proxy=${proxy} --ca-certificate=${bundle}`,
    aria2c: `--all-proxy=${proxy} --ca-certificate=${bundle}`,
    img2dataset: 'the variables are enough: http_proxy https_proxy SSL_CERT_FILE',
    scrapy: 'the variables are enough: http_proxy https_proxy (Scrapy does not verify certificates)',
    crawlee: `new ProxyConfiguration({ proxyUrls: ['${proxy}'] })`,
    playwright: `launch({ proxy: { server: '${proxy}' } }) with ignoreHTTPSErrors, or the root in the profile's store`,
    chromium: `--proxy-server=${proxy} --proxy-bypass-list='<-loopback>'`,
    heritrix: 'fetchHttp.httpProxyHost, fetchHttp.httpProxyPort',
    nutch: 'http.proxy.host, http.proxy.port',
    java: `-Djavax.net.ssl.trustStore: import ${root} with keytool`,
  };
}

/** What a wgetrc must say: wget built with GnuTLS takes its roots from there alone. */
export const wgetrc = ({ bundle }: Reach): string => `ca_certificate = ${bundle}\n`;

export const SHELLS = ['sh', 'fish', 'powershell', 'json'] as const;
export type Shell = (typeof SHELLS)[number];

/** The variables in the syntax of `shell`, flags as comments behind them. */
export function render(reach: Reach, shell: Shell): string {
  const entries = Object.entries(variables(reach));
  const comments = Object.entries(flags(reach)).map(([client, flag]) => `# ${client}: ${flag}`);
  switch (shell) {
    case 'json':
      return JSON.stringify({ variables: variables(reach), unset: REMOVED, flags: flags(reach) }, null, 2);
    case 'sh':
      return [
        `unset ${REMOVED.join(' ')}`,
        ...entries.map(([key, value]) => `export ${key}=${quote(value)}`),
        ...comments,
      ].join('\n');
    case 'fish':
      return [
        ...REMOVED.map((key) => `set -e ${key}`),
        ...entries.map(([key, value]) => `set -gx ${key} ${quote(value)}`),
        ...comments,
      ].join('\n');
    case 'powershell':
      return [
        ...REMOVED.map((key) => `Remove-Item Env:${key} -ErrorAction SilentlyContinue`),
        ...entries.map(([key, value]) => `$Env:${key} = '${value.replaceAll("'", "''")}'`),
        ...comments,
      ].join('\n');
    default:
      return shell satisfies never;
  }
}

const quote = (value: string): string =>
  /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
