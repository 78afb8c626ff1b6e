/** What is known of an exchange before anybody is asked: records, standing, noise, the audit draw. */
import type {
  AuditPolicy,
  Exchange,
  Identity,
  NoiseBand,
  Ports,
  Ratio,
  SnapshotRecord,
  Standing,
} from '../domain/index.ts';
import { auditRate } from '../fetch/plan.ts';
import { templateOf } from '../fetch/template.ts';
import { type EpochOf, epochOf } from '../snapshot/epoch.ts';

export interface Brief {
  readonly records: readonly SnapshotRecord[];
  readonly standing: Standing;
  readonly epoch: EpochOf;
  readonly noise?: NoiseBand;
  /** Path template under which noise is learnt. */
  readonly template: string;
  readonly audit: AuditPolicy;
  readonly draw: Ratio;
  readonly identities: readonly Identity[];
  /** Records or expected digests may corroborate alone: references wait until that is known. */
  readonly mayBeSettled: boolean;
}

/** Three look-ups at once, and the secret draw. */
export async function briefOn(
  exchange: Exchange,
  ports: Ports,
  { audit, identities }: { audit: AuditPolicy; identities: readonly Identity[] },
): Promise<Brief> {
  const template = templateOf(exchange.url);
  const [records, kept, noise] = await Promise.all([
    ports.snapshots.find(exchange.url),
    ports.sources.standing(exchange.source),
    ports.sources.noise(exchange.source, template),
  ]);
  const epoch = await epochOf(records, exchange.source, ports.epochs);
  const standing = since(kept, epoch.turn);
  const expected = exchange.expectedDigests?.length ?? 0;
  return {
    records,
    standing,
    epoch,
    ...(noise === undefined ? {} : { noise }),
    template,
    audit,
    // Where nobody is audited nothing is drawn either.
    draw: auditRate(standing, audit) === 0 ? 1 : ports.sampler.draw(exchange),
    identities,
    mayBeSettled:
      expected > 0 || records.some(({ digests, perceptual }) => digests.length + perceptual.length > 0),
  };
}

/** `standing` after a turn: what was corroborated before it was somebody else's. */
const since = (standing: Standing, turn: EpochOf['turn']): Standing =>
  turn === undefined
    ? standing
    : { ...standing, corroborated: Math.max(0, standing.corroborated - turn.corroborated), turned: turn.at };
