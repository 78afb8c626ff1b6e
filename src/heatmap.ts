/** Heat maps of pictures that were judged and kept. */
import type { Core } from './core.ts';
import type { CaptureRecord } from './domain/index.ts';
import { keptView } from './kept.ts';

type Kept = Pick<Core, 'ports' | 'rules' | 'config'>;

/** Of a kept capture, as PNG; undefined where it is no picture, too small, gone, or there is nothing that judges it. */
export const heatmapOfCapture =
  (core: Kept) =>
  async (record: CaptureRecord): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    const view = await keptView(core).view(record);
    if (view?.kind !== 'image') return undefined;
    try {
      const png = await core.ports.examiner.heatmap(view);
      return png && new Uint8Array(png);
    } catch {
      return undefined;
    }
  };

/** Of what the crawler got in a verdict. */
export const heatmapOfVerdict =
  (core: Kept & Pick<Core, 'store'>) =>
  async (id: string): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    const [own] = await core.store.verdicts.captures(id);
    return own && heatmapOfCapture(core)(own);
  };
