/** Real protected pictures with their clean twins: the pair residual's score for each. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgePair, PAIR_THRESHOLD } from '../../../src/screen/image/pair.ts';
import { createDecoder } from '../../../src/view/decoder.ts';
import { jpegPath } from '../../train/image/paths.ts';

/** A file `NAME_TOOL.png` belongs to `NAME_clean.png`; pictures without a twin cannot be judged as a pair. */
export async function runProtected(folder: string): Promise<void> {
  const decoder = createDecoder({ pixels: 50_000_000 });
  console.log(`\nreal protected pictures against their clean twins (reported from ${PAIR_THRESHOLD})`);
  for (const file of readdirSync(folder).filter(
    (name) => name.endsWith('.png') && !name.includes('_clean'),
  )) {
    const twin = join(folder, file.replace(/_[^_]*\.png$/, '_clean.png'));
    if (!existsSync(twin)) continue;
    const [protectedBytes, cleanBytes] = [readFileSync(join(folder, file)), readFileSync(twin)];
    const columns: string[] = [];
    for (const [name, first, second] of [
      ['lossless', protectedBytes, cleanBytes],
      ['JPEG 85', await jpegPath(85).apply(protectedBytes), await jpegPath(85).apply(cleanBytes)],
      ['JPEG 75', await jpegPath(75).apply(protectedBytes), await jpegPath(75).apply(cleanBytes)],
    ] as const) {
      const verdict = judgePair(await decoder.decode(first, ''), await decoder.decode(second, ''));
      columns.push(
        `${name} ${verdict ? `${verdict.logOdds.toFixed(1)} ${verdict.altered === 'first' ? 'right' : 'wrong'} side` : 'cannot tell'}`,
      );
    }
    console.log(`  ${file.padEnd(30)} ${columns.join('   ')}`);
  }
  await decoder.close();
}
