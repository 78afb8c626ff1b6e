/** False alarms: benign kinds on pages, data and pictures that nobody lies about. */
import type { ImageDecoder } from '../../../src/domain/index.ts';
import { html } from '../../origin/answer.ts';
import { busy, LIVING } from '../../origin/life.ts';
import { VARIANTS, type Variant, WITHHELD } from '../../origin/variants.ts';
import { type Baselines, baselines } from './baseline.ts';
import { drawsOf } from './chance.ts';
import { benignDocuments, decoder, noDecoder } from './documents.ts';
import { isFlagged, type Judged, judge, REFERENCE } from './judge.ts';
import { momentOf } from './moment.ts';
import type { BenchPage } from './pages.ts';
import type { Site } from './world.ts';

export interface BenignRow {
  readonly kind: string;
  readonly group: 'still' | 'live' | 'withheld';
  readonly exchanges: number;
  readonly flagged: number;
  readonly clean: number;
  readonly refetches: number;
  readonly tenCharacters: number;
  readonly similarity: number;
  /** Names of exchanges that were flagged, with what was found. */
  readonly bad: readonly string[];
}

const alive = Object.fromEntries(
  Object.entries({ ...LIVING, 'all of it at once': busy }).map(([name, life]): [string, Variant] => [
    name,
    (markup, moment) => html(life(markup, moment)),
  ]),
);

const GROUPS: ReadonlyArray<readonly [BenignRow['group'], Readonly<Record<string, Variant>>]> = [
  ['still', VARIANTS],
  ['live', alive],
  ['withheld', WITHHELD],
];

/** Each kind on every page, `trials` times: where its boxes stand and who the visitors are differs each time. */
export async function benign(
  pages: readonly BenchPage[],
  prose: readonly string[],
  trials: number,
): Promise<BenignRow[]> {
  const rows: BenignRow[] = [];
  for (const [group, variants] of GROUPS) {
    for (const [kind, variant] of Object.entries(variants)) {
      const sites = pages.flatMap((page) =>
        Array.from({ length: group === 'withheld' ? 1 : trials }, (_, trial): [string, Site] => {
          const world = `${kind} ${page.name} ${trial}`;
          return [world, (asked) => variant(page.markup, momentOf(world, asked, prose))];
        }),
      );
      rows.push(await row(kind, group, sites, 'https://site.example/articles/one', noDecoder));
    }
  }
  for (const [kind, sites] of await benignDocuments(trials))
    rows.push(
      await row(
        kind,
        kind.startsWith('data, living') ? 'live' : 'still',
        sites,
        kind.startsWith('data') ? 'https://site.example/api/records' : 'https://site.example/picture.png',
        decoder,
      ),
    );
  return rows;
}

async function row(
  kind: string,
  group: BenignRow['group'],
  sites: ReadonlyArray<[string, Site]>,
  url: string,
  pictures: ImageDecoder,
): Promise<BenignRow> {
  const results: Array<{ world: string; judged: Judged; simple: Baselines }> = [];
  for (const [world, site] of sites) {
    const draw = drawsOf(world, 'who')();
    results.push({
      world,
      judged: await judge({ url, site, decoder: pictures, draw }),
      simple: await baselines(url, site, REFERENCE),
    });
  }
  process.stderr.write(
    `${kind}: ${results.filter(({ judged }) => isFlagged(judged)).length} of ${results.length}\n`,
  );
  const count = (picked: (result: (typeof results)[number]) => boolean) => results.filter(picked).length;
  return {
    kind,
    group,
    exchanges: results.length,
    flagged: count(({ judged }) => isFlagged(judged)),
    clean: count(({ judged }) => judged.verdict.verdict === 'clean'),
    refetches: results.reduce((sum, { judged }) => sum + judged.refetches, 0),
    tenCharacters: count(({ simple }) => simple.tenCharacters),
    similarity: count(({ simple }) => simple.similarity),
    bad: results
      .filter(({ judged }) => isFlagged(judged))
      .map(({ world, judged }) => `${world}: ${describe(judged)}`),
  };
}

export const describe = ({ verdict, refetches }: Judged): string =>
  `${verdict.verdict} ${verdict.quorum} after ${refetches}: ${verdict.findings
    .slice(0, 2)
    .map(
      ({ rule, score, evidence }) => `${rule} ${score.toFixed(2)} ${JSON.stringify(evidence).slice(0, 500)}`,
    )
    .join('; ')}`;
