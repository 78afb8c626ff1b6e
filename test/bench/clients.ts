/** Real clients through the proxy: each downloads over HTTP and HTTPS, byte for byte, and takes a withheld answer as final. */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestAuthority } from '../origin/authority.ts';
import { openStage } from '../proxy/stage.ts';

export const about =
  'curl, wget, aria2, Python, Scrapy, Node and Go through the proxy: [PYTHON=/path/to/python]';

interface Client {
  readonly name: string;
  /** Program and arguments that bring `url` into `file`. */
  command(
    url: string,
    file: string,
    at: { proxy: string; root: string; bundle: string; python: string; folder: string },
  ): readonly string[];
}

const PYTHON_REQUESTS =
  'import sys, requests; r = requests.get(sys.argv[1]); r.raise_for_status(); open(sys.argv[2], "wb").write(r.content)';
const PYTHON_URLLIB =
  'import sys, urllib.request as u; open(sys.argv[2], "wb").write(u.urlopen(sys.argv[1]).read())';
const NODE_FETCH =
  'const [url, file] = process.argv.slice(1); const r = await fetch(url); if (!r.ok) process.exit(22); (await import("node:fs")).writeFileSync(file, Buffer.from(await r.arrayBuffer()))';
const SCRAPY = `import sys, scrapy
class S(scrapy.Spider):
    name = 's'
    custom_settings = {'LOG_ENABLED': False, 'RETRY_TIMES': 2, 'ROBOTSTXT_OBEY': False}
    def __init__(self, url=None, file=None, **kw):
        super().__init__(**kw); self.start_urls = [url]; self.file = file
    def parse(self, response):
        open(self.file, 'wb').write(response.body)
`;
/** Go's own environment proxy leaves loopback out, so the transport is told. */
const GO = `package main
import ("io"; "net/http"; "net/url"; "os")
func main() {
  proxy, _ := url.Parse(os.Getenv("https_proxy"))
  client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(proxy), ForceAttemptHTTP2: true}}
  r, e := client.Get(os.Args[1]); if e != nil { panic(e) }
  if r.StatusCode != 200 { os.Exit(22) }
  b, e := io.ReadAll(r.Body); if e != nil { panic(e) }
  os.WriteFile(os.Args[2], b, 0644)
}
`;

const CLIENTS: readonly Client[] = [
  {
    name: 'curl --http1.1',
    command: (url, file, at) => [
      'curl',
      '-sSf',
      '--retry',
      '2',
      '--http1.1',
      '-x',
      at.proxy,
      '--cacert',
      at.root,
      '-o',
      file,
      url,
    ],
  },
  {
    name: 'curl --http2',
    command: (url, file, at) => [
      'curl',
      '-sSf',
      '--retry',
      '2',
      '--http2',
      '-x',
      at.proxy,
      '--cacert',
      at.root,
      '-o',
      file,
      url,
    ],
  },
  {
    name: 'curl by tunnel, --http2-prior-knowledge',
    command: (url, file, at) => [
      'curl',
      '-sSf',
      '-p',
      '--http2-prior-knowledge',
      '-x',
      at.proxy,
      '--cacert',
      at.root,
      '-o',
      file,
      url,
    ],
  },
  { name: 'curl by environment', command: (url, file) => ['curl', '-sSf', '--compressed', '-o', file, url] },
  {
    name: 'wget',
    command: (url, file, at) => ['wget', '-q', '-t', '3', `--ca-certificate=${at.root}`, '-O', file, url],
  },
  {
    name: 'aria2, five ranges',
    command: (url, file, at) => [
      'aria2c',
      '-q',
      '--max-tries=3',
      '-s5',
      '-x5',
      '-k1M',
      '--min-split-size=1M',
      `--ca-certificate=${at.root}`,
      '-d',
      '/',
      '-o',
      file.slice(1),
      url,
    ],
  },
  { name: 'Python urllib', command: (url, file, at) => [at.python, '-c', PYTHON_URLLIB, url, file] },
  { name: 'Python requests', command: (url, file, at) => [at.python, '-c', PYTHON_REQUESTS, url, file] },
  {
    name: 'Scrapy',
    command: (url, file, at) => [
      at.python,
      '-m',
      'scrapy',
      'runspider',
      join(at.folder, 'spider.py'),
      '-a',
      `url=${url}`,
      '-a',
      `file=${file}`,
    ],
  },
  {
    name: 'Node fetch, environment proxy',
    command: (url, file) => [process.execPath, '--input-type=module', '-e', NODE_FETCH, url, file],
  },
  { name: 'Go net/http', command: (url, file, at) => [join(at.folder, 'go-client'), url, file] },
];

const sha256 = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex');

export async function run([python = 'python3']: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'foretaste-clients-'));
  const content = randomBytes(6_000_000);
  let asked = 0;
  const answer: RequestListener = (request, response) => {
    asked += 1;
    response.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': content.length,
      ETag: '"1"',
      'Accept-Ranges': 'bytes',
    });
    response.end(request.method === 'HEAD' ? undefined : content);
  };
  const authority = await createTestAuthority();
  const secure = createServer(
    {
      ...authority.byAddress,
      SNICallback: (name, give) => void authority.contextFor(name).then((made) => give(null, made)),
    },
    answer,
  );
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  const stage = await openStage(answer, {
    upstreamCa: [authority.ca],
    limits: { body: 64 * 2 ** 20 },
    judge: ({ url }) =>
      url.includes('poison')
        ? { verdict: 'poisoned', action: 'block', findings: [] }
        : { verdict: 'clean', action: 'pass', findings: [] },
  });
  const proxy = `http://127.0.0.1:${stage.proxy.port}`;
  const at = {
    proxy,
    root: stage.authority.rootPath,
    bundle: await stage.authority.bundle(),
    python,
    folder,
  };
  writeFileSync(join(folder, 'spider.py'), SCRAPY);
  writeFileSync(join(folder, 'client.go'), GO);
  await execute(['go', 'build', '-o', join(folder, 'go-client'), join(folder, 'client.go')], {
    ...process.env,
    GOFLAGS: '-mod=mod',
    GOTOOLCHAIN: 'local',
  });
  const { no_proxy, NO_PROXY, SSL_CERT_DIR, NODE_OPTIONS, ...environment } = process.env;
  const env = {
    ...environment,
    http_proxy: proxy,
    https_proxy: proxy,
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    SSL_CERT_FILE: at.bundle,
    CURL_CA_BUNDLE: at.bundle,
    REQUESTS_CA_BUNDLE: at.bundle,
    NODE_EXTRA_CA_CERTS: at.root,
    NODE_USE_ENV_PROXY: '1',
  };
  const cases = [
    ['HTTP', `http://localhost:${stage.port}/clean`],
    ['HTTPS', `https://localhost:${(secure.address() as AddressInfo).port}/clean`],
    ['HTTPS, withheld', `https://localhost:${(secure.address() as AddressInfo).port}/poison`],
  ] as const;
  process.stdout.write(`| client | ${cases.map(([title]) => title).join(' | ')} |\n|---|---|---|---|\n`);
  try {
    for (const { name, command } of CLIENTS) {
      const cells: string[] = [];
      for (const [, url] of cases) {
        const file = join(folder, 'content');
        rmSync(file, { force: true });
        asked = 0;
        const status = await execute(command(url, file, at), env);
        const got = existsSync(file) ? readFileSync(file) : undefined;
        const whole = got !== undefined && sha256(got) === sha256(content);
        cells.push(
          status === undefined
            ? 'not installed'
            : url.includes('poison')
              ? `${whole ? 'DELIVERED' : 'withheld'}, exit ${status}, ${asked} request${asked === 1 ? '' : 's'}`
              : `${whole ? 'same octets' : `DIFFERENT (${got?.length ?? 'nothing'})`}, ${stage.exchanges.at(-1)?.httpVersion ?? ''}`,
        );
      }
      process.stdout.write(`| ${name} | ${cells.join(' | ')} |\n`);
    }
  } finally {
    secure.closeAllConnections();
    secure.close();
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Exit status; undefined where there is no such program. */
function execute(
  [program = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, { env, timeout: 60_000 }, (error) => {
      if (error === null) resolve(0);
      else if (error.code === 'ENOENT') resolve(undefined);
      else resolve(typeof error.code === 'number' ? error.code : -1);
    });
  });
}
