/** How crawlers reach a guard and come to trust it. */
import type { Reach } from './commands/environment.ts';
import type { Config, HostPort } from './config.ts';
import { dataPaths } from './paths.ts';
import { type Authority, openAuthority } from './proxy/authority.ts';

/** `http://127.0.0.1:8080`. */
export const urlOf = ({ host, port }: HostPort): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** For a guard that listens at `listen`; the first proxy user's credentials stand in the URL. */
export async function reachOf(config: Config, authority: Authority, listen: HostPort): Promise<Reach> {
  const url = new URL(urlOf(listen));
  const [user] = config.proxy.users;
  if (user !== undefined) {
    url.username = encodeURIComponent(user.name);
    url.password = encodeURIComponent(user.password);
  }
  return {
    proxy: url.href.replace(/\/$/, ''),
    root: authority.rootPath,
    bundle: await authority.bundle(),
  };
}

/** The authority of a configuration's data folder, made on first use. */
export const authorityOf = (config: Config): Promise<Authority> => openAuthority(dataPaths(config).authority);
