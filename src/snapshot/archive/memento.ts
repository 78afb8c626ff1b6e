/** Archives with a TimeGate: asked for a URL with a date, they point at the capture nearest to it. */
import { type Capture, field } from '../../domain/index.ts';
import { mementoMoment, type Protocol, playedBack } from './protocol.ts';
import { unrewritten } from './wayback.ts';

/** A TimeGate redirects once; some go by way of another address of theirs. */
const MOST_REDIRECTS = 3;

/**
 * `url`: what stands before the URL that is asked for. @see RFC 7089, sections 4.1 and 4.2
 * Playback that rewrites links is asked for unchanged in both ways there are: `id_`, and `Prefer: raw`.
 */
export const memento = ({ url }: { url: string }): Protocol => ({
  async nearest({ url: wanted, near, before = Number.POSITIVE_INFINITY, deadline }, line) {
    let next = `${url.replace(/\/$/, '')}/${wanted}`;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const answer = await line.get(next, deadline, [
        ['Accept-Datetime', new Date(Math.min(near, before)).toUTCString()],
        ['Prefer', 'raw'],
        ['Accept-Encoding', 'gzip'],
      ]);
      if (answer === undefined) return undefined;
      const at = mementoMoment(answer.fields);
      if (answer.status === 200 && at !== undefined && at <= before)
        return playedBack(answer, { url: wanted, at });
      await answer.body.release();
      const location = pointedAt(answer);
      const target = location === undefined ? null : URL.parse(location, next);
      // Only within the archive: anywhere else nobody agreed on a rate.
      if (answer.status >= 400 || target?.origin !== new URL(url).origin) return undefined;
      next = unrewritten(target.href);
    }
    return undefined;
  },
});

/** Where a TimeGate points: by a redirect, or, where it answers with a page around the capture, by its Link field. */
const pointedAt = ({ status, fields }: Capture): string | undefined =>
  status >= 300 ? field(fields, 'location') : MEMENTO.exec(field(fields, 'link') ?? '')?.[1];

const MEMENTO = /<([^<>]+)>;[^<>]*\brel="(?:[a-z]+ )*memento(?: [a-z]+)*"/;
