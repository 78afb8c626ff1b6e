/** Child of durability.test.ts: appends as fast as it can and says on standard output what was kept. */
import { openSqlite } from '../../src/store/sqlite.ts';
import { verdict } from './verdict.ts';

const [file = '', name = ''] = process.argv.slice(2);
const store = await openSqlite(file, { clock: Date.now });

await Promise.all(
  Array.from({ length: 16 }, async (_, client) => {
    for (let count = 0; ; count += 1) {
      const kept = await store.verdicts.append(verdict({ id: `${name}-${client}-${count}` }), []);
      process.stdout.write(`${kept.id} ${kept.log}\n`);
    }
  }),
);
