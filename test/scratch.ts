/** One temporary folder for a whole test run, gone when it ends: what a test or a killed child leaves behind lies in it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'foretaste-tests-'));
  // Test workers and the processes they start inherit it, and os.tmpdir() reads it.
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
