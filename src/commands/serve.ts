/** `foretaste serve`: listen until told to stop, then let what is under way finish. */
import type { Config } from '../config.ts';
import { startNode } from '../node.ts';

/** Prints one line per listener once it accepts. SIGTERM and Ctrl-C drain; a second one ends at once. */
export async function serve(config: Config, print: (line: string) => void): Promise<void> {
  const node = await startNode(config);
  print(`proxy listening on ${node.proxyUrl}`);
  print(`api listening on ${node.apiUrl}`);
  await new Promise<void>((resolve) => {
    const stop = (signal: NodeJS.Signals) => {
      node.core.log.info({ signal }, 'draining; once more to end at once');
      for (const each of ['SIGINT', 'SIGTERM'] as const) {
        process.off(each, stop);
        process.once(each, () => process.exit(130));
      }
      void node.close().finally(resolve);
    };
    for (const each of ['SIGINT', 'SIGTERM'] as const) process.on(each, stop);
  });
}
