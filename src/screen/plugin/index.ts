/** An examiner that asks plug-ins as well. */
import type { Examiner } from '../../domain/index.ts';
import { type AskPlugin, consult, type PluginSettings, votesOf } from './plugin.ts';

export type { AskPlugin, PluginSettings } from './plugin.ts';

/** Plug-ins are asked beside each other and beside the screens; where there are none, `examiner` itself. */
export function withPlugins(
  examiner: Examiner,
  plugins: ReadonlyArray<{ readonly settings: PluginSettings; readonly ask: AskPlugin }>,
  complain: (message: string) => void,
): Examiner {
  if (plugins.length === 0) return examiner;
  return {
    ...examiner,
    examine: async (view, references, which) => {
      const examining = examiner.examine(view, references, which);
      if (view.kind !== 'image' || !which.image) return examining;
      const reports = await Promise.all(
        plugins.map(({ settings, ask }) => consult(settings, ask, view, complain)),
      );
      const examined = await examining;
      return {
        ...examined,
        findings: [...examined.findings, ...votesOf(view, reports)],
        ...(examined.picture === undefined ? {} : { picture: { ...examined.picture, plugins: reports } }),
      };
    },
  };
}
