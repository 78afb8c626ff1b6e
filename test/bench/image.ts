/** Pictures: irregular files, the same picture in other forms, pairs, single pictures, real protected ones, cost. */
import { parseArgs } from 'node:util';
import { runCost } from './image/cost.ts';
import { runDelay } from './image/delay.ts';
import { runForms } from './image/forms.ts';
import { runPairs } from './image/pairs.ts';
import { runProtected } from './image/protected.ts';
import { runSingle } from './image/single.ts';
import { runTriggers } from './image/triggers.ts';

export const about =
  'pictures: [--clean DIR] [--attacks DIR, made by test/train/image/attacks.py] [--protected DIR] [--limit N] [--draws N] [--only forms|triggers|pairs|single|protected|cost|delay]';

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      clean: { type: 'string' },
      attacks: { type: 'string' },
      protected: { type: 'string' },
      draws: { type: 'string', default: '4' },
      every: { type: 'string', default: '8' },
      limit: { type: 'string', default: '6000' },
      seconds: { type: 'string', default: '8' },
      seed: { type: 'string', default: '7' },
      only: { type: 'string' },
    },
  });
  const wanted = (part: string): boolean => values.only === undefined || values.only === part;
  const { clean, attacks } = values;
  if (wanted('forms')) await runForms(clean, Number(values.every));
  if (wanted('triggers')) await runTriggers(clean);
  if (wanted('pairs')) await runPairs(attacks, Number(values.draws));
  if (wanted('single'))
    await runSingle({ clean, attacks, limit: Number(values.limit), seed: Number(values.seed) });
  if (wanted('protected') && values.protected) await runProtected(values.protected);
  if (wanted('cost')) await runCost();
  if (wanted('delay')) await runDelay(Number(values.seconds));
}
