/** The Node composition: the core with its two listeners, in one process or with the proxy spread over several. */
import type { Reach } from './commands/environment.ts';
import type { Config } from './config.ts';
import { type Core, openCore } from './core.ts';
import type { Verdict } from './domain/index.ts';
import { startFleet } from './fleet.ts';
import { listenApi } from './listen-api.ts';
import { listenProxy } from './listen-proxy.ts';
import { authorityOf, reachOf, urlOf } from './reach.ts';
import { startRechecks } from './rechecks.ts';

export interface RunningNode {
  readonly core: Core;
  readonly proxyUrl: string;
  readonly apiUrl: string;
  /** Where crawlers reach it, and the files that make them trust it. */
  reach(): Promise<Reach>;
  /** Takes nothing new, lets what is under way finish, then closes everything. */
  close(): Promise<void>;
}

/** Start a guard: everything open, both listeners accepting. */
export async function startNode(
  config: Config,
  hooks: { onVerdict?: (verdict: Verdict) => void } = {},
): Promise<RunningNode> {
  const core = await openCore(config);
  const { onVerdict } = hooks;
  const stopListening =
    onVerdict &&
    core.events.subscribe(({ kind, verdict }) => {
      if (kind === 'verdict') onVerdict(verdict);
    });
  const fleet = config.workers > 1 ? await startFleet(core) : undefined;
  const proxy = fleet ?? (await listenProxy(core));
  const api = await listenApi(core, urlOf(proxy));
  fleet?.keepOff(api);
  const rechecks = startRechecks(core);
  return {
    core,
    proxyUrl: urlOf(proxy),
    apiUrl: urlOf(api),
    reach: async () => reachOf(config, await authorityOf(config), proxy),
    close: async () => {
      await proxy.close();
      await api.close();
      await rechecks.close();
      stopListening?.();
      await core.close();
    },
  };
}
