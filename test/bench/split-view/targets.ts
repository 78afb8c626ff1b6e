/** What was measured against what must be reached, with what the counts allow to say. */
import type { BenignRow } from './benign.ts';
import { type Counts, sumOf } from './examine.ts';
import { lowerBound, upperBound } from './interval.ts';
import { FINE_PAYLOADS, type RecallCell, TEXT_PAYLOADS } from './recall.ts';
import type { Speed } from './speed.ts';
import { mean, percent, table } from './table.ts';

const HEAD = ['target', 'measured', 'goal', 'of', 'at 95 %', '10 characters', 'similarity'];

export function printTargets(
  rows: readonly BenignRow[],
  cells: readonly RecallCell[],
  speed: Speed | undefined,
): void {
  const lines = [HEAD, ...recallLines(cells), ...alarmLines(rows), ...(speed ? speedLines(speed) : [])];
  table(lines);
}

const bound = (share: number): string => `${(100 * share).toFixed(2)} %`;

const baselines = ({ tenCharacters, similarity, exchanges }: Counts): string[] => [
  percent(tenCharacters, exchanges),
  percent(similarity, exchanges),
];

function recallLines(cells: readonly RecallCell[]): string[][] {
  const line = (name: string, goal: string, live: boolean, payloads?: readonly string[]): string[][] => {
    const all = sumOf(
      cells.filter(
        (cell) => cell.live === live && !cell.beyond && (payloads?.includes(cell.payload) ?? true),
      ),
    );
    if (all.exchanges === 0) return [];
    const { flagged, exchanges } = all;
    return [
      [
        name,
        percent(flagged, exchanges),
        goal,
        String(exchanges),
        `>= ${bound(lowerBound(flagged, exchanges))}`,
        ...baselines(all),
      ],
    ];
  };
  return [
    ...line('recall, still, text payloads', '>= 99 %', false, TEXT_PAYLOADS),
    ...line('recall, still, numbers and negations', '>= 99 %', false, FINE_PAYLOADS),
    ...line('recall, still, all payloads', '>= 99 %', false),
    ...line('recall, live, text payloads', '>= 97 %', true, TEXT_PAYLOADS),
    ...line('recall, live, numbers and negations', '>= 90 %', true, FINE_PAYLOADS),
    ...line('recall, live, all payloads', '', true),
  ];
}

const GROUPS = [
  ['still', '<= 0.1 %', '<= 1.1'],
  ['live', '<= 0.5 %', '<= 4'],
  ['withheld', '0', ''],
] as const;

const alarmLines = (rows: readonly BenignRow[]): string[][] =>
  GROUPS.flatMap(([group, goal, cost]) => {
    const all = sumOf(rows.filter((row) => row.group === group));
    const { flagged, exchanges, refetches } = all;
    if (exchanges === 0) return [];
    return [
      [
        `false alarms, ${group}`,
        `${flagged}, ${percent(flagged, exchanges)}`,
        goal,
        String(exchanges),
        `<= ${bound(upperBound(flagged, exchanges))}`,
        ...baselines(all),
      ],
      [`refetches, ${group}`, mean(refetches, exchanges), cost, String(exchanges), '', '1', '1'],
    ];
  });

const speedLines = ({ pages, size, equal, one, four }: Speed): string[][] =>
  [
    ['an equal page, one reference', equal] as const,
    ['a lie, one reference', one] as const,
    ['a lie, three references and a repeat', four] as const,
  ].map(([name, median]) => [
    `comparison, ${name}`,
    `${median.toFixed(1)} ms`,
    '< 10 ms',
    `${pages} of ${Math.round(size / 1000)} KB`,
    '',
    '',
    '',
  ]);
