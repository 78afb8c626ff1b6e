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

export interface Brief {
  readonly records: readonly SnapshotRecord[];
  readonly standing: Standing;
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
  const [records, standing, noise] = await Promise.all([
    ports.snapshots.find(exchange.url),
    ports.sources.standing(exchange.source),
    ports.sources.noise(exchange.source, template),
  ]);
  const expected = exchange.expectedDigests?.length ?? 0;
  return {
    records,
    standing,
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
