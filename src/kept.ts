/** Kept captures, viewed again: the bodies of a verdict in the form in which they were compared. */
import { readAll } from './collect.ts';
import type { Core } from './core.ts';
import type { DashboardDeps } from './dashboard/deps.ts';
import { type Capture, type CaptureRecord, field, type View } from './domain/index.ts';
import { bodyOf } from './fetch/body.ts';
import { digestsOf } from './fetch/digest.ts';
import { textOf } from './view/charset.ts';
import { viewOf } from './view/index.ts';

/** What a reviewer is shown of one body at most. */
const MOST_TEXT = 2 * 2 ** 20;

/** A kept capture as it was received; undefined where its body is gone. Digests of the decoded form only where it has a coding. */
export const keptCapture =
  ({ ports, config }: Pick<Core, 'ports' | 'config'>) =>
  async (record: CaptureRecord): Promise<Capture | undefined> => {
    const kept = await ports.bodies.get(record.sha256);
    if (kept === undefined) return undefined;
    const coding = field(record.fields, 'content-encoding') ?? '';
    const bytes = await readAll(kept.stream);
    const body = bodyOf(bytes, coding, config.limits.inflate);
    const decoded = coding === '' ? undefined : await body.decoded().catch(() => undefined);
    return {
      ...record,
      kind: 'capture',
      trailers: [],
      body,
      digests: { entity: digestsOf(bytes), decoded: decoded === undefined ? {} : digestsOf(decoded) },
      truncated: false,
      duration: 0,
    };
  };

/** The dashboard's two ways of looking at a kept capture. */
export function keptView({
  ports,
  rules,
  config,
}: Pick<Core, 'ports' | 'rules' | 'config'>): Required<Pick<DashboardDeps, 'view' | 'text'>> {
  const captureOf = keptCapture({ ports, config });
  return {
    view: async (record): Promise<View | undefined> => {
      const capture = await captureOf(record);
      return capture && viewOf(capture, { decoder: ports.decoder, rules });
    },
    text: async (record) => {
      const capture = await captureOf(record);
      if (capture === undefined) return undefined;
      const bytes = await capture.body.decoded();
      const text = textOf(bytes.subarray(0, MOST_TEXT), field(record.fields, 'content-type'));
      return { text, truncated: bytes.length > MOST_TEXT };
    },
  };
}
