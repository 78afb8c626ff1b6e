/** Everything heavy that is done to content, in worker threads: decoding, comparing, screening. Node only. */
import { availableParallelism } from 'node:os';
import {
  type Examination,
  type Examiner,
  ForetasteError,
  type ImageComparison,
  type ImageDecoder,
  type Milliseconds,
  type View,
} from '../domain/index.ts';
import { type DecodedPicture, readHead } from '../view/decode.ts';
import { createPixelBudget } from '../view/image-budget.ts';
import type { ExaminerTools } from './in-place.ts';
import { httpPlugin } from './plugin/http.ts';
import { type AskPlugin, type PluginSettings, withPlugins } from './plugin/index.ts';
import type { CompareTask, DecodeTask, ExamineTask, GraphTask, PoolData } from './pool-worker.ts';
import { screenText } from './text/index.ts';
import { createThreads } from './threads.ts';

/** Longer than the slowest honest look measured: 100 megapixels against 8 references, with a thread to start. */
const TIMEOUT: Milliseconds = 30_000;
/** Looks that may wait for a thread; a view that waits holds its pixels. */
const WAITING = 256;
/** A thread needs some 60 MiB; long pages of many blocks the most. */
const HEAP_MIB = 384;
/** Characters of text from which screening it costs an event loop more than handing it over (some 5 ms). */
const LONG_TEXT = 50_000;
/** Threads that libuv has for decoding, files and digests together; one stays free for files. */
const LIBUV_THREADS = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);

export interface PoolSettings {
  readonly limits: { readonly pixels: number };
  readonly rules: ExaminerTools['rules'];
  /** Processes that share this machine. */
  readonly processes: number;
  readonly plugins?: readonly PluginSettings[];
  /** Told, in one line, what went wrong with a plug-in. */
  readonly complain?: (message: string) => void;
}

export interface Pool {
  readonly decoder: ImageDecoder;
  readonly examiner: Examiner;
  /** What judges single pictures, in a few words, and whether it can. */
  screenState(): Promise<{ ok: boolean; detail: string }>;
  close(): Promise<void>;
}

/** `foretaste.js` beside `pool.js` when built, `.ts` when run from a checkout. */
const WORKER = new URL(`./pool-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);

/** Threads of one process: a core stays for the event loop, and libuv keeps a thread for files. */
export const threadsFor = (processes: number, cores = availableParallelism()): number =>
  Math.max(1, Math.min(Math.floor(cores / processes) - 1, LIBUV_THREADS - 1));

export function createPool({
  limits,
  rules,
  processes,
  plugins = [],
  complain = () => {},
}: PoolSettings): Pool {
  const data: PoolData = { limits, rules };
  const threads = createThreads(
    WORKER,
    { threads: threadsFor(processes), waiting: WAITING, timeout: TIMEOUT, heapMiB: HEAP_MIB },
    data,
  );
  const budget = createPixelBudget(limits.pixels);
  let state: string | undefined;
  const examiner: Examiner = {
    compare: (picture, others) =>
      threads.run<ImageComparison[]>('compare', { picture, others } satisfies CompareTask),
    examine: async (view, references, which) => {
      if (view.kind !== 'image' && textSize(view) < LONG_TEXT)
        return { findings: which.text ? screenText(view, rules.text) : [] };
      if (!which[view.kind === 'image' ? 'image' : 'text']) return { findings: [] };
      const others = view.kind === 'image' ? references.filter(({ kind }) => kind === 'image') : [];
      try {
        return await threads.run<Examination>('examine', {
          view,
          references: others,
          which,
        } satisfies ExamineTask);
      } catch (error) {
        return unexamined(view, error);
      }
    },
    heatmap: (view) => threads.run<Uint8Array | undefined>('heatmap', view),
  };
  const askerOf = (settings: PluginSettings): AskPlugin =>
    /^https?:/.test(settings.model)
      ? httpPlugin(settings, (view) => threads.run<Uint8Array>('png', view))
      : async (view) => {
          if (view.pixels.length > settings.maxBytes)
            throw new ForetasteError(
              'too-large',
              `Expected a picture of at most ${settings.maxBytes} bytes of RGB but it has ${view.pixels.length}.`,
            );
          const task: GraphTask = { folder: settings.model, view };
          return threads.run('graph', task, settings.timeout);
        };
  return {
    decoder: {
      decode: async (bytes, mediaType) => {
        const { area } = await readHead(bytes, limits.pixels);
        const giveBack = await budget.take(area);
        try {
          return await threads.run<DecodedPicture>('decode', { bytes, mediaType } satisfies DecodeTask);
        } finally {
          giveBack();
        }
      },
    },
    examiner: withPlugins(
      examiner,
      plugins.map((settings) => ({ settings, ask: askerOf(settings) })),
      complain,
    ),
    screenState: async () => {
      try {
        state ??= await threads.run<string>('state', undefined);
        return { ok: true, detail: state };
      } catch (error) {
        return { ok: false, detail: error instanceof Error ? error.message : 'failed' };
      }
    },
    close: () => threads.close(),
  };
}

/** Characters that screens would read. */
function textSize(view: View): number {
  if (view.kind === 'page')
    return [...view.blocks, ...view.hidden, ...view.code].reduce((sum, { text }) => sum + text.length, 0);
  return view.kind === 'data' ? view.values.reduce((sum, { value }) => sum + value.length, 0) : 0;
}

/** A look that failed is said to have failed. */
function unexamined(view: View, error: unknown): Examination {
  const reason = error instanceof Error ? error.message : String(error);
  if (view.kind !== 'image') return { findings: [], failed: reason };
  return {
    findings: [],
    failed: reason,
    picture: {
      format: view.format,
      width: view.width,
      height: view.height,
      encoding: view.encoding ?? { lossless: false, frames: 1 },
      resampling: { factor: 1, strength: 0 },
      perturbation: { outcome: 'not-screened', reason },
    },
  };
}
