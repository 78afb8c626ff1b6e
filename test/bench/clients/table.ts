/** The clients, and how each is told to bring a URL into a file through the proxy. */
import { join } from 'node:path';

export interface Client {
  readonly name: string;
  /** Program and arguments that bring `url` into `file`. */
  command(url: string, file: string, at: At): readonly string[];
  /** What it cannot do is not asked of it. */
  readonly only?: 'HTTP';
}

/** Where everything is. */
export interface At {
  readonly proxy: string;
  /** PEM of our root, and of our root with the system's. */
  readonly root: string;
  readonly bundle: string;
  readonly python: string;
  /** Holds `spider.py` and `go-client`. */
  readonly folder: string;
}

const PYTHON_REQUESTS =
  'import sys, requests; r = requests.get(sys.argv[1]); r.raise_for_status(); open(sys.argv[2], "wb").write(r.content)';
const PYTHON_URLLIB =
  'import sys, urllib.request as u; open(sys.argv[2], "wb").write(u.urlopen(sys.argv[1]).read())';
const NODE_FETCH =
  'const [url, file] = process.argv.slice(1); const r = await fetch(url); if (!r.ok) process.exit(22); (await import("node:fs")).writeFileSync(file, Buffer.from(await r.arrayBuffer()))';
export const SCRAPY = `import sys, scrapy
class S(scrapy.Spider):
    name = 's'
    custom_settings = {'LOG_ENABLED': False, 'RETRY_TIMES': 2, 'ROBOTSTXT_OBEY': False}
    def __init__(self, url=None, file=None, **kw):
        super().__init__(**kw); self.start_urls = [url]; self.file = file
    def parse(self, response):
        open(self.file, 'wb').write(response.body)
`;
/** Go's own environment proxy leaves loopback out, so the transport is told. */
export const GO = `package main
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

export const CLIENTS: readonly Client[] = [
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
  {
    name: 'nghttp, HTTP/2 by prior knowledge to the proxy port',
    only: 'HTTP',
    command: (url, file, at) => [
      'sh',
      '-c',
      `nghttp -H ":authority: ${new URL(url).host}" ${at.proxy}${new URL(url).pathname} > ${file}`,
    ],
  },
  {
    name: 'h2load, 64 requests on 4 connections',
    only: 'HTTP',
    command: (url, file, at) => [
      'sh',
      '-c',
      `curl -sSf -x ${at.proxy} -o ${file} ${url} && h2load -n 64 -c 4 -m 8 --connect-to=${new URL(at.proxy).host} ${url} | grep -q "64 succeeded" || rm ${file}`,
    ],
  },
  {
    name: 'Chromium',
    command: (url, file, at) => [
      process.execPath,
      join(import.meta.dirname, 'chromium.ts'),
      url,
      file,
      at.proxy,
      at.root,
    ],
  },
  { name: 'Go net/http', command: (url, file, at) => [join(at.folder, 'go-client'), url, file] },
];
