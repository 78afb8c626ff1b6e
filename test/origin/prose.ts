/** Generated prose in which hardly two sentences are alike, so that no page repeats itself or another. */
import type { Article } from './pages.ts';
import { chance } from './pictures.ts';

const words = (list: string): readonly string[] => list.split(', ');

const WHO = words(
  'the harbour master, a retired teacher, the town council, our correspondent, two sisters from the valley, the last ferryman, a young botanist, the choir of the parish, an engineer of the railway, the keeper of the archive, a family of bakers, the night watchman, several students, the owner of the mill, a surgeon on leave, the fishing cooperative, an old rival, the new librarian, a painter of signs, the insurance company',
);
const DID = words(
  'discovered, repaired, sold, photographed, defended, measured, forgot about, argued over, rebuilt, inherited, catalogued, lost, painted, flooded, praised, refused, borrowed, hid, restored, abandoned',
);
const WHAT = words(
  'a wooden bridge, the eastern lighthouse, three crates of letters, the clock of the station, an orchard of pears, the municipal swimming pool, a map of the marshes, the bell of the chapel, an unfinished novel, the steam pump, a collection of moths, the quarry lake, a printing press, the observatory dome, the winter stables, a copper roof, the upper reservoir, a garden of medicinal plants, the ballroom, a tram without wheels',
);
const WHEN = words(
  'before the first snow, during the long strike, on the eve of the fair, after nobody had asked for years, in the week of the eclipse, while the road was closed, at the end of a dry summer, between two elections, shortly before noon, when the river froze, in the year of the great storm, as the market opened',
);
const WHY = words(
  'because the money would otherwise have been lost, although the neighbours had warned against it, so that children could reach the school, since no law forbids it, in order to settle an old debt, without telling the newspapers, hoping that the minister would notice, for reasons that are still disputed, to the delight of the tourists, against the advice of two lawyers, as the contract had promised, in spite of a broken arm',
);
const COUNTED = words(
  'visitors signed the book, tonnes of gravel were moved, letters arrived within days, metres of cable lie under the square, seats remain in the hall, species of moss were counted, volunteers came with shovels, steps lead down to the vault, trains stopped at the platform, lamps burn along the quay, bottles were found in the cellar, votes decided the matter',
);
const STATED = words(
  'was kept secret until spring, is listed in no guide book, can still be seen from the hill, has never been insured, will be reopened next year, are older than the town itself, were paid in advance, could have been avoided, must be renewed by hand, would surprise the founders',
);

/** An article of `length` paragraphs of four sentences, one of them with a number. The same seed gives the same article. */
export function story(seed: number, length = 8): Article {
  const draw = chance(seed * 7919);
  const pick = (list: readonly string[]): string => list[Math.floor(draw() * list.length)] ?? '';
  const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  const told = (): string => capital(`${pick(WHO)} ${pick(DID)} ${pick(WHAT)} ${pick(WHEN)}, ${pick(WHY)}.`);
  const counted = (): string =>
    `${capital(pick(WHEN))} ${20 + Math.floor(draw() * 900)} ${pick(COUNTED)}, and ${pick(WHO)} ${pick(DID)} ${pick(WHAT)}.`;
  const stated = (): string =>
    `What ${pick(WHO)} ${pick(DID)} ${pick(WHEN)} ${pick(STATED)}, says ${pick(WHO)}.`;
  const paragraphs = Array.from({ length }, () => [told(), counted(), stated(), told()].join(' '));
  return { title: capital(`${pick(WHO)} and ${pick(WHAT)}`), paragraphs };
}
