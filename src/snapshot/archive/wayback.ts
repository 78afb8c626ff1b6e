/** Wayback-shaped archives: a CDX server says what there is, `/{timestamp}id_/{url}` gives it unchanged. */
import { chooseNearest, digitsOf, rowsOf } from './choose.ts';
import { type Protocol, playedBack, textOf } from './protocol.ts';

/** Rows that are asked for: some may be of other URLs with the same sort key. */
const MOST_ROWS = '10';

/**
 * `url`: what stands before `/{timestamp}id_/`. `index`: the CDX server.
 * @see https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server
 */
export const wayback = ({ url, index }: { url: string; index: string }): Protocol => ({
  async nearest(query, line) {
    const list = new URL(index);
    for (const [name, value] of [
      ['url', query.url],
      ['output', 'json'],
      ['filter', 'statuscode:200'],
      ['closest', digitsOf(query.near)],
      ['sort', 'closest'],
      ['limit', MOST_ROWS],
      ...(query.before === undefined ? [] : [['to', digitsOf(query.before)] as const]),
    ] as const)
      list.searchParams.append(name, value);
    const rows = rowsOf((await textOf(await line.get(list.href, query.deadline))) ?? '');
    const choice = chooseNearest(rows, query.url, query);
    if (choice === undefined) return undefined;
    const { listed } = choice;
    const playback = `${url.replace(/\/$/, '')}/${listed['timestamp']}id_/${listed['url']}`;
    const answer = await line.get(playback, query.deadline, [['Accept-Encoding', 'gzip']]);
    if (answer === undefined) return undefined;
    // A capture that cannot be played back is redirected to another one, of any other time.
    if (answer.status === 200) return playedBack(answer, { url: query.url, at: choice.at });
    await answer.body.release();
    return undefined;
  },
});

/** `/20220501123000id_/` asks for the capture as it was received, without banner or rewritten links. */
export const unrewritten = (location: string): string =>
  location.replace(/\/(\d{14})(?:[a-z]{2}_)?\//, '/$1id_/');
