/** What the dashboard needs from a composition. */
import type { Context } from 'hono';
import type {
  BodyStore,
  CaptureRecord,
  Clock,
  DatasetStanding,
  EventSink,
  Hex,
  VerdictStore,
  View,
} from '../domain/index.ts';
import type { ReleaseDesk } from '../guard/release.ts';
import type { ReviewedSourceStore } from '../store/engine.ts';

/** A stored body as text: content coding and charset removed. `truncated` where more follows than was read. */
export interface StoredText {
  readonly text: string;
  readonly truncated: boolean;
}

/** Who decides, and whether they may. */
export interface Reviewer {
  readonly name: string;
  readonly decides: boolean;
}

export interface DashboardDeps {
  readonly verdicts: VerdictStore;
  readonly sources: ReviewedSourceStore;
  readonly bodies: BodyStore;
  readonly clock: Clock;
  /** Told of each decision once it is durable. */
  readonly events?: Pick<EventSink, 'review'>;
  /** The comparable form of a kept capture, undefined where its body is gone or cannot be read. */
  readonly view?: (record: CaptureRecord) => Promise<View | undefined>;
  /** A kept capture as text; without it UTF-8 bodies are read as they are, gzip and deflate removed. */
  readonly text?: (record: CaptureRecord) => Promise<StoredText | undefined>;
  /** A kept picture as PNG, re-encoded when it was stored; without it pictures are offered as downloads only. */
  readonly preview?: (sha256: Hex) => Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Where in a kept picture the evidence of a perturbation lies, as a transparent PNG of its shape. */
  readonly heatmap?: (record: CaptureRecord) => Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Who sends this request; without it everyone is `local` and decides: the API answers on loopback only then. */
  readonly reviewer?: (context: Context) => Reviewer;
  /** Re-admission by rule; without it decisions are made one difference at a time. */
  readonly releases?: ReleaseDesk;
  /** What is recorded of each dataset; without it there is no snapshot index. */
  readonly datasets?: () => Promise<readonly DatasetStanding[]>;
  /** Where crawlers reach the guard, for newcomers: `http://127.0.0.1:8080`. */
  readonly proxyUrl?: string;
}
