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
import { CLIENTS, GO, SCRAPY } from './clients/table.ts';

export const about =
  'curl, wget, aria2, Python, Scrapy, Node, nghttp, h2load, Chromium and Go through the proxy: [PYTHON=/path/to/python]';

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
    for (const { name, command, only } of CLIENTS) {
      const cells: string[] = [];
      for (const [title, url] of cases) {
        if (only !== undefined && title !== only) {
          cells.push('-');
          continue;
        }
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
