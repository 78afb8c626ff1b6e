/** `foretaste env`: print how to point crawlers at a guard that listens where the configuration says. */
import type { Config } from '../config.ts';
import { authorityOf, reachOf } from '../reach.ts';
import { render, type Shell } from './environment.ts';

export async function printEnvironment(
  config: Config,
  shell: Shell,
  print: (line: string) => void,
): Promise<void> {
  print(render(await reachOf(config, await authorityOf(config), config.proxy.listen), shell));
}
