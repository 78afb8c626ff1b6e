/** The rules in force, by family. */
import type { Policy } from '../domain/index.ts';
import type { EvidenceRule } from './evidence.ts';
import type { ProfileRule } from './profiles.ts';
import type { ReleaseRule } from './release.ts';
import type { TextRule } from './text.ts';
import type { TriggerRule } from './trigger.ts';
import type { VolatileRule } from './volatile.ts';

export interface Rules {
  readonly profiles: readonly ProfileRule[];
  readonly policies: readonly Policy[];
  readonly volatile: readonly VolatileRule[];
  readonly evidence: readonly EvidenceRule[];
  readonly text: readonly TextRule[];
  readonly trigger: readonly TriggerRule[];
  readonly release: readonly ReleaseRule[];
  /** `sha256:...` over the names and contents of all files, so that a verdict can say by which rules it was given. */
  readonly digest: string;
}
