/** Samples of a webdataset shard (img2dataset, DataComp): members that share a name up to its first dot. */
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { openContent } from '../../snapshot/formats/lines.ts';
import { type ScanItem, type ScanLimits, type Scanned, tooLarge } from './item.ts';
import { contentOf, isDescription, type Member } from './sample.ts';

export async function* scanTar(
  path: string,
  limits: ScanLimits,
  signal: AbortSignal,
): AsyncGenerator<Scanned> {
  const { stream } = await openContent(path, signal);
  const archive = extract();
  stream.on('error', (cause) => archive.destroy(cause));
  stream.pipe(archive);
  let key: string | undefined;
  let sample: Member[] = [];
  for await (const entry of archive) {
    const { name, size = 0, type } = entry.header;
    const [, stem = name, extension = ''] = /^(.*?)\.([^/]*)$/.exec(name) ?? [];
    if (stem !== key) {
      yield* itemsOf(path, sample);
      sample = [];
      key = stem;
    }
    if (type !== 'file') entry.resume();
    else if (size > limits.body) {
      yield tooLarge(`${path}:${name}`, size, limits);
      entry.resume();
    } else sample.push({ name, extension, bytes: await buffer(entry) });
  }
  yield* itemsOf(path, sample);
}

/** Each member with content of its own, under the URL and the caption that its sample names. */
function itemsOf(path: string, sample: readonly Member[]): ScanItem[] {
  const contents = sample.filter(({ extension }) => !isDescription(extension));
  // A sample of nothing but text is a sample of a text corpus.
  const judged = contents.length > 0 ? contents : sample.filter(({ extension }) => extension === 'txt');
  return judged.map((member) => contentOf(`${path}:${member.name}`, member, sample));
}
