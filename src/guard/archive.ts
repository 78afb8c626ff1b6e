/** Look in archives where records leave open whether content is what was recorded; and before a moment, for what stood there then. */
import type { ArchiveQuery, Capture, Exchange, NoiseBand, Ports, View } from '../domain/index.ts';
import { auditRate } from '../fetch/plan.ts';
import type { GuardSettings } from '../guard.ts';
import { leavesOpen, matchArchived } from '../snapshot/archived.ts';
import type { Matched } from '../snapshot/ladder.ts';
import { viewOf } from '../view/index.ts';
import type { Brief } from './brief.ts';

export interface Archived {
  readonly capture: Capture;
  readonly view: View;
}

/**
 * The archived capture nearest to when the URL was recorded; undefined where nothing is left open, the exchange is not among
 * those that are audited, or none comes within the audit's deadline. It counts as one of the views an exchange may cost.
 */
export async function lookInArchives(
  exchange: Exchange,
  { brief, matched, view }: { brief: Brief; matched: Matched; view: View },
  ports: Ports,
  settings: GuardSettings,
): Promise<Archived | undefined> {
  const { audit } = settings;
  if (ports.archives === undefined || exchange.method !== 'GET' || audit.maxViews < 1) return undefined;
  if (brief.draw >= auditRate(brief.standing, audit) || !leavesOpen(matched, view)) return undefined;
  const { date } = matched.match;
  return archivedView(
    {
      url: exchange.url,
      near: date === null ? exchange.receivedAt : Date.parse(date),
      deadline: exchange.receivedAt + audit.deadline,
    },
    ports,
    settings,
  );
}

/** What an archive captured, viewed; undefined where nothing came. The receiver releases the capture's body. */
export async function archivedView(
  query: ArchiveQuery,
  { archives, decoder }: Pick<Ports, 'archives' | 'decoder'>,
  { rules }: Pick<GuardSettings, 'rules'>,
): Promise<Archived | undefined> {
  const capture = await archives?.nearest(query);
  return capture && { capture, view: await viewOf(capture, { decoder, rules }) };
}

/** `matched` beside what was found in an archive, where anything was. */
export const besideArchive = (
  matched: Matched,
  view: View,
  archived: Archived | undefined,
  { noise }: { readonly noise?: NoiseBand },
  { rules }: Pick<GuardSettings, 'rules'>,
): Matched =>
  archived === undefined
    ? matched
    : matchArchived(
        matched,
        view,
        { view: archived.view, at: archived.capture.startedAt },
        { ...(noise === undefined ? {} : { noise }), rules },
      );
