/** One import in a process of its own, so that its memory and processor time are its own: `node import.ts INDEX LABELS FILE...`. */
import { importFiles } from '../../../src/snapshot/import.ts';

const [dir = '', labels, ...files] = process.argv.slice(2);
const started = performance.now();
let sealed = started;
const summary = await importFiles(files, {
  dir,
  dataset: 'datacomp',
  format: 'auto',
  labels: labels === 'labels',
  signal: new AbortController().signal,
  onProgress: ({ phase, imported }) => {
    if (phase === 'read') sealed = performance.now();
    process.stderr.write(`${phase} ${imported}\n`);
  },
  onSkip: ({ row, expected, got }) => process.stderr.write(`skipped ${row}: ${expected}, ${got}\n`),
});
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
process.stdout.write(
  JSON.stringify({
    ...summary,
    seconds: (performance.now() - started) / 1000,
    readSeconds: (sealed - started) / 1000,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakMiB: maxRSS / 1024,
  }),
);
