/** A plain web server over one folder: ETag, and ranges unless they are turned off. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';

export interface StaticServer extends AsyncDisposable {
  readonly url: string;
  /** `range` of each request so far, by path. */
  readonly asked: ReadonlyArray<readonly [path: string, range: string | undefined]>;
}

export async function serveFolder(
  dir: string,
  { ranges = true, authorization }: { ranges?: boolean; authorization?: string } = {},
): Promise<StaticServer> {
  const asked: Array<readonly [string, string | undefined]> = [];
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    asked.push([path, request.headers.range]);
    if (authorization !== undefined && request.headers.authorization !== authorization)
      return void response.writeHead(401).end();
    readFile(join(dir, path)).then(
      (content) => {
        const etag = `"${createHash('md5').update(content).digest('hex')}"`;
        if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
        const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
        if (!ranges || from === undefined) return void response.writeHead(200, { etag }).end(content);
        const part = content.subarray(Number(from), Number(to) + 1);
        const range = `bytes ${from}-${Number(from) + part.length - 1}/${content.length}`;
        return void response.writeHead(206, { etag, 'content-range': range }).end(part);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
