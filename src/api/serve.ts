/** The API on a listener of its own. */
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import ipaddr from 'ipaddr.js';
import { ForetasteError } from '../domain/error.ts';
import type { AuthOptions } from './auth.ts';

export interface ServedApi {
  readonly host: string;
  readonly port: number;
  /** Stops accepting, lets answers under way finish for a moment, and ends. */
  close(): Promise<void>;
}

/** What answers under way are given to finish. */
const GRACE_MS = 2_000;

/**
 * Listens on `host` and `port` (0 takes a free one). Throws ForetasteError `config` where there are no tokens and the
 * address is not loopback, or where the address cannot be had.
 */
export async function serveApi(
  app: { fetch(request: Request): Response | Promise<Response> },
  { host, port, tokens }: { host: string; port: number } & Pick<AuthOptions, 'tokens'>,
): Promise<ServedApi> {
  if (tokens.length === 0 && !isLoopback(host))
    throw new ForetasteError(
      'config',
      `Expected api.tokens, since the API is to listen on ${host}: without tokens it answers only on loopback.`,
      { where: 'api.listen' },
    );
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new ForetasteError(
          'config',
          `Expected to listen on ${host}:${port} but received ${cause.code ?? cause.message}.`,
          {
            cause,
            where: 'api.listen',
          },
        ),
      ),
    );
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    host,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        const end = setTimeout(
          () => 'closeAllConnections' in server && server.closeAllConnections(),
          GRACE_MS,
        );
        server.close(() => {
          clearTimeout(end);
          resolve();
        });
        if ('closeIdleConnections' in server) server.closeIdleConnections();
      }),
  };
}

/** Names are resolved by whoever listens, so only the one that is loopback by definition counts (RFC 6761). */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || (ipaddr.isValid(bare) && ipaddr.process(bare).range() === 'loopback');
}
