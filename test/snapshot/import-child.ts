/** A process of its own that imports until it is killed: `node import-child.ts INDEX FILE HELD`. Says when a checkpoint may have been. */
import { importFiles } from '../../src/snapshot/import.ts';

const [dir = '', file = '', held = '0'] = process.argv.slice(2);
await importFiles([file], {
  dir,
  format: 'auto',
  held: Number(held),
  signal: new AbortController().signal,
  onProgress: ({ phase, imported }) => process.stdout.write(`${phase} ${imported}\n`),
  onSkip: () => undefined,
});
process.stdout.write('done\n');
