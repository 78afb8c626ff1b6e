/** `foretaste log verify`: walk the hash chain of the log from its first entry. */
import type { Config } from '../config.ts';
import { openStore } from '../core.ts';

/** Returns the exit status: 1 where the chain does not hold. */
export async function verifyStoredLog(config: Config, print: (line: string) => void): Promise<number> {
  const store = await openStore(config);
  try {
    const { entries, broken } = await store.verifyLog();
    if (broken === undefined) {
      print(`${entries} entries, the chain holds`);
      return 0;
    }
    print(`broken at entry ${broken.seq}: ${broken.reason}`);
    return 1;
  } finally {
    await store.close();
  }
}
