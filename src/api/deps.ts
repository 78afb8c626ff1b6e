/** What the API is given by a composition. What is absent is answered 501: not available here. */
import type { Hono } from 'hono';
import type { Profile } from '../domain/identity.ts';
import type { BodyStore, Guard, VerdictStore } from '../domain/ports.ts';
import type { SnapshotIndex } from '../domain/snapshot.ts';
import type { Bytes, Clock } from '../domain/units.ts';
import type { ReleaseDesk } from '../guard/release.ts';
import type { ReviewedSourceStore } from '../store/engine.ts';
import type { AuthOptions } from './auth.ts';
import type { EventHub } from './events.ts';

/** Readiness by part: `proxy`, `api`, `store`, and what runs where there is a choice, such as the picture backend. */
export interface ReadyReport {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>;
}

export interface ImportReport {
  readonly records: number;
  readonly skipped: number;
}

export interface ApiDeps extends AuthOptions {
  readonly verdicts: VerdictStore;
  readonly sources: ReviewedSourceStore;
  readonly clock: Clock;
  /** A fresh ULID. */
  readonly newId: () => string;
  readonly ready: () => Promise<ReadyReport>;
  readonly version: string;
  readonly events: EventHub;
  readonly bodies?: BodyStore;
  readonly snapshots?: SnapshotIndex;
  /** Imports records of one file; throws ForetasteError `import` for what is none. */
  readonly importSnapshots?: (
    content: AsyncIterable<Uint8Array>,
    options: { format: string; dataset?: string },
  ) => Promise<ImportReport>;
  readonly guard?: Guard;
  /** Where the evidence lies in the picture of a verdict, as PNG; undefined where there is nothing to show. */
  readonly heatmap?: (verdict: string) => Promise<Uint8Array | undefined>;
  /** Re-admission by rule. */
  readonly releases?: ReleaseDesk;
  /** Profiles that `POST /v1/check` may name. */
  readonly profiles?: readonly Profile[];
  /** Status of the answer in place of withheld content, from policy. */
  readonly blockStatus: number;
  /** Largest content that `POST /v1/screen` takes. */
  readonly bodyLimit: Bytes;
  /** prom-client's registry, or what looks like it. */
  readonly metrics?: { readonly contentType: string; metrics(): Promise<string> };
  /** Pages at `/`. */
  readonly dashboard?: Hono;
  /** Told of errors that nobody expected. */
  readonly report?: (error: unknown) => void;
}
