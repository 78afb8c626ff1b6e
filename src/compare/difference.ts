/** A difference: something the crawler's view has and others lack, settled, with what a reader needs to see. */
import type { FindingKind, Region } from '../domain/index.ts';
import type { Change } from './change.ts';
import type { Settlement } from './settle.ts';

export interface Difference {
  readonly kind: FindingKind;
  /** Name of the rule that saw it, `exclusive-text`. */
  readonly rule: string;
  readonly settlement: Settlement;
  /** Whether it could be poison at all; what is benign by position and kind is kept for the record only. */
  readonly matters: boolean;
  readonly region: Region;
  /** Where it stands, without anything of this page alone; key of the noise band and of the fingerprint. */
  readonly place: string;
  /** What the crawler got. */
  readonly crawler: string;
  /** What the references have in its place; undefined for nothing. */
  readonly reference?: string;
  /** Changes inside an aligned sentence. */
  readonly changes: readonly Change[];
  /** For each reference view, in order: whether it lacks this. */
  readonly lackedBy: readonly boolean[];
}

/** Whether it counts against the crawler's view: neither shared nor noise nor benign. */
export const counts = ({ matters, settlement: { state } }: Difference): boolean =>
  matters && (state === 'conditioned' || state === 'once' || state === 'open');
