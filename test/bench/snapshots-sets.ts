/** Record sets in the hands of the tools they are for: img2dataset checks them, numpy reads them, and the importer takes them back. */
import { execFile } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parquetWriteFile } from 'hyparquet-writer';
import { exportRecordSet } from '../../src/commands/record-set.ts';
import { importSnapshots } from '../../src/commands/snapshot.ts';
import { loadConfig } from '../../src/config.ts';
import { startGuarded } from '../guarded.ts';
import { type Handler, lie, png } from '../origin/answer.ts';
import { picture } from '../origin/pictures.ts';
import { robots } from '../origin/selectors.ts';
import { scratch } from '../process.ts';

export const about =
  'record sets checked by img2dataset --verify_hash and read by numpy; --python DIR is the bin of a virtual environment with both';

/** Pictures that everybody gets, of which one changes after the export, and one that robots get another one of. */
const HONEST = 20;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { python: { type: 'string' } } });
  if (values.python === undefined) throw new Error('Expected --python DIR with img2dataset and numpy.');
  const { folder, remove } = scratch('');
  const pictures = await Promise.all(Array.from({ length: HONEST + 2 }, (_, seed) => picture(seed, 128)));
  const [other, after] = pictures.slice(-2) as [Buffer, Buffer];
  let changed = false;
  const paths: Record<string, Handler> = { '/lied.png': lie(robots, png(other), png(after)) };
  for (const [at, bytes] of pictures.slice(0, HONEST).entries())
    paths[`/${at}.png`] = () => png(changed && at === 0 ? after : bytes);

  const guarded = await startGuarded({ '*': paths }, {}, async (home, origin) => {
    const records = Object.keys(paths).map((path) => ({
      url: origin.urls.http() + path,
      label: `picture ${path}`,
    }));
    writeFileSync(join(home, 'records.jsonl'), records.map((each) => `${JSON.stringify(each)}\n`).join(''));
    const data = loadConfig({ data: join(home, 'data') });
    await importSnapshots(data, [join(home, 'records.jsonl')], { dataset: 'set', format: 'auto' }, () => {});
  });
  try {
    const urls = Object.keys(paths).map((path) => guarded.origin.urls.http() + path);
    for (const path of Object.keys(paths)) await guarded.ask(path);
    const config = loadConfig({ config: join(guarded.folder, 'foretaste.yaml') });
    const say = (line: string): void => void process.stdout.write(`${line}\n`);
    const set = (name: string): string => join(folder, name);
    const metadata = set('metadata.parquet');
    const uids = urls.map((_, at) => at.toString(16).padStart(32, '0'));
    parquetWriteFile({
      filename: metadata,
      columnData: [
        { name: 'uid', data: uids, type: 'STRING' },
        { name: 'url', data: urls, type: 'STRING' },
      ],
    });
    for (const format of ['parquet', 'csv', 'jsonl', 'cdxj'] as const)
      await exportRecordSet(config, { format, out: set(`set.${format}`), dataset: 'kept' }, (line) =>
        say(`${format}: ${line}`),
      );
    await exportRecordSet(
      config,
      { format: 'npy', out: set('set.npy'), dataset: 'kept', uids: [metadata] },
      (line) => say(`npy: ${line}`),
    );

    say(`numpy: ${await tool(values.python, 'python', ['-c', NUMPY, set('set.npy')])}`);
    changed = true;
    await tool(values.python, 'img2dataset', [
      '--url_list',
      set('set.parquet'),
      '--input_format',
      'parquet',
      '--url_col',
      'url',
      '--caption_col',
      'caption',
      '--compute_hash',
      'sha256',
      '--verify_hash',
      '["sha256","sha256"]',
      '--output_format',
      'files',
      '--output_folder',
      set('images'),
      '--resize_mode',
      'no',
      '--encode_quality',
      '9',
      '--encode_format',
      'png',
      '--processes_count',
      '1',
      '--thread_count',
      '4',
      '--disallowed_header_directives',
      '[]',
    ]);
    say(
      `img2dataset, one of ${HONEST} pictures exchanged after the export: ${await outcomes(set('images'))}`,
    );
    for (const format of ['parquet', 'csv', 'jsonl', 'cdxj'] as const) {
      const again = loadConfig({ data: join(folder, `again-${format}`) });
      await importSnapshots(again, [set(`set.${format}`)], { dataset: 'again', format: 'auto' }, (line) =>
        say(`${format} taken back: ${line}`),
      );
    }
  } finally {
    await guarded.close();
    remove();
  }
}

const NUMPY = `
import numpy, sys
uids = numpy.load(sys.argv[1])
print(uids.dtype, len(uids), "sorted" if (numpy.sort(uids) == uids).all() else "not sorted", "%016x%016x" % tuple(uids[-1]))
`;

/** Not synchronously: what it downloads is served by this process. */
async function tool(bin: string, name: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(join(bin, name), args, { timeout: 120_000 });
  return stdout.trim();
}

/** How often each outcome stands in img2dataset's own table. */
async function outcomes(folder: string): Promise<string> {
  const counts = new Map<string, number>();
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.parquet'))) {
    const file = await asyncBufferFromFile(join(folder, name));
    for (const { status, error_message: said } of await parquetReadObjects({ file, compressors })) {
      const key = `${status}${said ? ` (${said})` : ''}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
}
