/** Pictures: irregular files, the same picture in other forms, residuals of pairs with rates, real protected ones, cost. */
import { parseArgs } from 'node:util';
import { runCost } from './image/cost.ts';
import { runForms } from './image/forms.ts';
import { runPairs } from './image/pairs.ts';
import { runProtected } from './image/protected.ts';

export const about =
  'pictures: [--pictures DIR] [--attacks DIR, made by test/train/image/attacks.py] [--protected DIR] [--draws N] [--only forms|pairs|protected|cost]';

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      pictures: { type: 'string' },
      attacks: { type: 'string' },
      protected: { type: 'string' },
      draws: { type: 'string', default: '4' },
      every: { type: 'string', default: '8' },
      only: { type: 'string' },
    },
  });
  const wanted = (part: string): boolean => values.only === undefined || values.only === part;
  if (wanted('forms')) await runForms(values.pictures, Number(values.every));
  if (wanted('pairs')) await runPairs(values.attacks, Number(values.draws));
  if (wanted('protected') && values.protected) await runProtected(values.protected);
  if (wanted('cost')) await runCost();
}
