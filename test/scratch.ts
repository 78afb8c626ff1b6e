/** One temporary folder for a whole test run, gone when it ends: what a test or a killed child leaves behind lies in it. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'foretaste-tests-'));
  // A cluster started by root runs as another user, who must find its folder in here.
  chmodSync(folder, 0o711);
  // Test workers and the processes they start inherit it, and os.tmpdir() reads it.
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
