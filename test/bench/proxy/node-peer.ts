/** http-mitm-proxy or mockttp, whichever is named, out of a folder where it is installed. Its own process. */
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [name = '', folder = '', dir = '', ca = ''] = process.argv.slice(2);
const require = createRequire(join(folder, 'package.json'));

/** What of the two libraries is used here; they are not among the project's packages, so neither are their types. */
interface HttpMitmProxy {
  Proxy: new () => {
    onError(handler: () => void): void;
    listen(
      options: {
        host: string;
        port: number;
        sslCaDir: string;
        keepAlive: boolean;
        httpsAgent: Agent;
      },
      done: () => void,
    ): void;
    httpPort: number;
  };
}
interface Mockttp {
  generateCACertificate(): Promise<{ key: string; cert: string }>;
  getLocal(options: { https: { key: string; cert: string }; recordTraffic: boolean; cors: boolean }): {
    start(): Promise<void>;
    forUnmatchedRequest(): { thenPassThrough(options: object): Promise<unknown> };
    port: number;
  };
}

const listening = (port: number): void => {
  process.stdout.write(`proxy listening on http://127.0.0.1:${port}\n`);
};

if (name === 'http-mitm-proxy') {
  const { Proxy: MitmProxy } = require(name) as HttpMitmProxy;
  const proxy = new MitmProxy();
  // Without a handler an origin's reset would end the process.
  proxy.onError(() => undefined);
  const httpsAgent = new Agent({ keepAlive: true, ca: readFileSync(ca) });
  proxy.listen(
    { host: '127.0.0.1', port: 0, sslCaDir: join(dir, 'http-mitm-proxy'), keepAlive: true, httpsAgent },
    () => listening(proxy.httpPort),
  );
} else {
  const { getLocal, generateCACertificate } = require(name) as Mockttp;
  const server = getLocal({ https: await generateCACertificate(), recordTraffic: false, cors: false });
  await server.start();
  await server
    .forUnmatchedRequest()
    .thenPassThrough({ additionalTrustedCAs: [{ cert: readFileSync(ca, 'utf8') }] });
  listening(server.port);
}
