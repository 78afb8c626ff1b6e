/** Ports: what the pipeline needs from the world. Compositions (src/node.ts, src/worker.ts) provide them. */
import type { Archives } from './archive.ts';
import type { Epochs } from './epoch.ts';
import type {
  Arrival,
  Attempt,
  Body,
  Capture,
  CaptureRecord,
  Digests,
  Exchange,
  Failure,
} from './exchange.ts';
import type { Finding } from './finding.ts';
import type { Identity, Visit } from './identity.ts';
import type { ImageComparison, PictureReport } from './picture.ts';
import type { Recheck } from './recheck.ts';
import type { SnapshotIndex } from './snapshot.ts';
import type { NoiseBand, SourceSummary, Standing } from './source.ts';
import type { Bytes, Clock, Hex, Ratio, Timestamp } from './units.ts';
import type { Decision, NewVerdict, Review, Verdict, VerdictName } from './verdict.ts';
import type { ImageView, View } from './view.ts';

/**
 * Tells that nobody waits for an answer any more. Every AbortSignal is one; where thousands come and go in a second, something
 * lighter is.
 */
export interface Signal {
  readonly aborted: boolean;
  /** Why; what a ForetasteError says reaches the verdict. */
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Sends requests. Never throws for what an origin does: that is a Failure. */
export interface Fetcher {
  /**
   * The crawler's own request, its fields as sent, from the `direct` perspective. Range and precondition fields of a GET
   * stay behind: content is judged whole, and deliver answers them from it.
   */
  own(exchange: Exchange, signal: Signal): Promise<Arrival | Failure>;
  /**
   * The same URL asked by a reference identity: its own fields, route, connections and cookies; always GET, never followed.
   * Without `visit` nothing led it there, and it brings no cookies.
   */
  as(identity: Identity, exchange: Exchange, signal: Signal, visit?: Visit): Promise<Attempt>;
}

/** Decodes pictures within limits. Throws ForetasteError `too-large` or `bad-request` for what no decoder takes. */
export interface ImageDecoder {
  decode(
    bytes: Uint8Array,
    mediaType: string,
  ): Promise<
    Pick<
      ImageView,
      | 'width'
      | 'height'
      | 'format'
      | 'encoding'
      | 'pixelSha256'
      | 'pdq'
      | 'pdqQuality'
      | 'phash'
      | 'pixels'
      | 'frames'
      | 'irregularities'
    >
  >;
}

/** Which screens run; `screen` of the configuration. */
export interface Screens {
  readonly image: boolean;
  readonly text: boolean;
  readonly code: boolean;
}

/** What the screens say of one view; `picture` where it is one. */
export interface Examination {
  readonly findings: readonly Finding[];
  readonly picture?: PictureReport;
  /** Why a screen did not come to an end; then the content is not clean. */
  readonly failed?: string;
}

/**
 * Looks at content that cost more than an event loop can spare. A composition runs them in threads, in place, or leaves
 * them out. `examine` never throws: what fails, takes too long or finds the queue full is said in `failed`.
 */
export interface Examiner {
  /** How `picture` relates to each of `others`, in their order. */
  compare(picture: ImageView, others: readonly ImageView[]): Promise<readonly ImageComparison[]>;
  /** The screens that `which` names. `references` are usable views of the same URL. */
  examine(view: View, references: readonly View[], which: Screens): Promise<Examination>;
  /** Where in the picture the evidence of a perturbation lies, as a small PNG; undefined where nothing can be said. */
  heatmap(view: ImageView): Promise<Uint8Array | undefined>;
}

export interface VerdictQuery {
  readonly url?: string;
  readonly source?: string;
  readonly verdict?: readonly VerdictName[];
  /** A finding kind, or a family `split-view.*`. */
  readonly kind?: string;
  readonly since?: Timestamp;
  /** As given by the page before. */
  readonly cursor?: string;
  /** 1 to 1000. */
  readonly limit: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Present where more follow. */
  readonly next?: string;
}

/** The append-only record. What `append` resolved is durable against the death of the process. */
export interface VerdictStore {
  /**
   * `captures`: those whose content was put into the body store, the crawler's own first. `rechecks` are kept in the same
   * transaction.
   */
  append(
    verdict: NewVerdict,
    captures: readonly CaptureRecord[],
    rechecks?: readonly Recheck[],
  ): Promise<Verdict>;
  /** The captures kept for a verdict, the crawler's own first; empty where none were. */
  captures(id: string): Promise<readonly CaptureRecord[]>;
  get(id: string): Promise<Verdict | undefined>;
  list(query: VerdictQuery): Promise<Page<Verdict>>;
  /** The newest verdict for each URL, in the order asked. */
  lookup(urls: readonly string[]): Promise<ReadonlyArray<Verdict | undefined>>;
  /** Throws ForetasteError `not-found`. */
  review(id: string, decision: Decision, note: string, reviewer: string, at: Timestamp): Promise<Verdict>;
  reviews(id: string): Promise<readonly Review[]>;
  /** Walks the log in order, oldest first, for export; one row per URL and digest, the newest. */
  export(query: { since?: Timestamp; verdict?: readonly VerdictName[] }): AsyncIterable<Verdict>;
}

export interface SourceStore {
  standing(host: string): Promise<Standing>;
  get(host: string): Promise<SourceSummary | undefined>;
  list(query: {
    cursor?: string;
    limit: number;
    order: 'divergence' | 'recent';
  }): Promise<Page<SourceSummary>>;
  noise(source: string, template: string): Promise<NoiseBand | undefined>;
  learn(band: NoiseBand): Promise<void>;
}

/** Evidence bodies, content-addressed by SHA-256. */
export interface BodyStore {
  put(sha256: Hex, content: AsyncIterable<Uint8Array>): Promise<void>;
  get(sha256: Hex): Promise<{ size: Bytes; stream: AsyncIterable<Uint8Array> } | undefined>;
}

/** Told of every verdict and review once it is durable. */
export interface EventSink {
  verdict(verdict: Verdict): void;
  review(verdict: Verdict): void;
}

/** Draws whether an exchange is sampled for audit. Keyed and secret, so that it cannot be predicted. */
export interface AuditSampler {
  /** A value from [0, 1) that depends on a secret key and the exchange; compared with the audit rate. */
  draw(exchange: Exchange): Ratio;
}

/** All that the pipeline is given. */
export interface Ports {
  readonly fetcher: Fetcher;
  readonly decoder: ImageDecoder;
  readonly examiner: Examiner;
  readonly snapshots: SnapshotIndex;
  readonly verdicts: VerdictStore;
  readonly sources: SourceStore;
  readonly bodies: BodyStore;
  readonly sampler: AuditSampler;
  /** Absent where nobody asks registries. */
  readonly epochs?: Epochs;
  /** Absent where no archive is configured. */
  readonly archives?: Archives;
  readonly events: EventSink;
  /** MD5, SHA-1 and SHA-256 of bytes that no fetch has digested. */
  readonly digest: (bytes: Uint8Array) => Promise<Digests>;
  readonly clock: Clock;
  /** A fresh ULID. */
  readonly newId: () => string;
}

/**
 * A durable verdict, and what it speaks of. Without a capture no response came, and `failure` says why.
 * Who receives it releases the capture's body when it is delivered.
 */
export interface Judgement {
  readonly verdict: Verdict;
  readonly capture?: Capture;
  readonly failure?: Failure;
}

/** What can be delivered to the client, as soon as something can. */
export type Delivery =
  /** The verdict is durable: deliver the capture, or the answer in its place. */
  | { readonly kind: 'judged'; readonly judgement: Judgement }
  /** Observe mode, or content over `limits.body`: deliver while it arrives, the verdict follows. */
  | { readonly kind: 'streaming'; readonly arrival: Arrival; readonly judgement: Promise<Judgement> };

/** Content that is already held, to be judged without a fetch. */
export interface HeldContent {
  readonly content: Body;
  readonly mediaType: string;
  /** Where it came from. Absent: nobody knows, and the verdict names it by its digest, `urn:sha256:...`, from `localhost`. */
  readonly url?: string;
  readonly label?: string;
}

/** The pipeline, as listeners and the API see it. */
export interface Guard {
  /** `stream`: deliver at once where the mode allows it (proxy); otherwise the verdict is always waited for (API, check). */
  judge(exchange: Exchange, options: { stream: boolean; signal: Signal }): Promise<Delivery>;
  screen(held: HeldContent): Promise<Verdict>;
}
