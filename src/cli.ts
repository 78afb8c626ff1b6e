#!/usr/bin/env -S node --initial-old-space-size=96
/** The commands: arguments in, exit status out. Each command's work stands in src/commands, and is loaded when it is asked for. */
import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { SHELLS, type Shell } from './commands/environment.ts';
import type { ExportOptions } from './commands/export.ts';
import type { RecordSetOptions } from './commands/record-set.ts';
import type { ReleaseOptions } from './commands/release.ts';
import type { ScanOptions } from './commands/scan.ts';
import type { ImportOptions } from './commands/snapshot.ts';
import { type Flags, loadConfig } from './config.ts';
import { ForetasteError, VERDICTS } from './domain/index.ts';
import { VERSION } from './version.ts';

const CORES = String(availableParallelism());

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

// A reader that has seen enough (`| head`) ends the command and is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const program = new Command('foretaste')
  .description('A guard proxy that tastes the web before a training corpus eats it.')
  .version(VERSION)
  .showHelpAfterError()
  .enablePositionalOptions()
  .exitOverride();

/** The options of every command that reads the configuration. */
const configured = (command: Command): Command =>
  command
    .option('--config <file>', 'configuration; default foretaste.yaml where it exists')
    .option('--data <dir>', 'data folder; default ./foretaste-data');

/** The options of a command that listens. */
const listening = (command: Command): Command =>
  configured(command)
    .option('--proxy <host:port>', 'where crawlers connect; port 0 takes a free one; default 127.0.0.1:8080')
    .option('--api <host:port>', 'API and dashboard; default 127.0.0.1:8081')
    .option('--mode <mode>', 'enforce holds each response until its verdict, observe streams at once')
    .option('--workers <n>', 'processes that share the proxy port; default as many as cores', CORES);

listening(program.command('serve').description('run the guard: proxy, API and dashboard'))
  .addHelpText(
    'after',
    '\nPoint a crawler at it:\n  eval "$(npm run -s foretaste -- env)"\n  curl https://example.org/',
  )
  .action(async (flags: Flags) => {
    const { serve } = await import('./commands/serve.ts');
    await serve(loadConfig(flags), print);
  });

listening(program.command('run').description('run a command behind a guard of its own, on free ports'))
  .argument('<command...>', 'the command and its arguments, after --')
  .addHelpText('after', '\nExample:\n  npm run -s foretaste -- run -- curl -sS https://example.org/')
  .passThroughOptions()
  .action(async (command: string[], flags: Flags) => {
    const { run } = await import('./commands/run.ts');
    // Free ports unless somebody asks for certain ones: a run stands beside other guards.
    const config = loadConfig(flags, { proxy: '127.0.0.1:0', api: '127.0.0.1:0' });
    process.exitCode = await run(config, command);
  });

configured(program.command('check').description('fetch URLs through every identity and judge them now'))
  .argument('<url...>', 'http or https URLs')
  .option('--as <profile>', 'the profile the crawler pretends to be', 'plain')
  .option('--json', 'one verdict a line, as JSON')
  .option('--heatmap <folder>', 'where the evidence lies in each picture, as PNG named by verdict')
  .addHelpText(
    'after',
    '\nExit status: 0 clean or unverified, 3 suspect, 4 poisoned, 2 usage, 1 could not judge.',
  )
  .action(async (urls: string[], options: Flags & { as: string; json?: boolean; heatmap?: string }) => {
    const { check } = await import('./commands/check.ts');
    process.exitCode = await check(loadConfig(options), urls, options, print);
  });

configured(program.command('scan').description('judge a corpus that is already on disk'))
  .argument('<path...>', 'files and folders: WARC, tar shards, Parquet, JSON Lines, pictures, pages')
  .option('--out <file>', 'the filter list; default: standard output')
  .addOption(new Option('--format <format>').choices(['jsonl', 'csv', 'parquet']).default('jsonl'))
  .option('--refetch', 'ask for each URL again, and judge what it serves now as well')
  .addHelpText(
    'after',
    '\nExamples:\n  npm run -s foretaste -- scan shards/ --format parquet --out verdicts.parquet\n  npm run -s foretaste -- scan crawl.warc.gz --refetch',
  )
  .action(async (paths: string[], options: Flags & ScanOptions) => {
    const { scan } = await import('./commands/scan.ts');
    process.exitCode = await scan(loadConfig(options), paths, options);
  });

const snapshot = program.command('snapshot').description('records of what datasets and archives saw');
configured(
  snapshot
    .command('import')
    .description('add records to the index; an interrupted import goes on where it was'),
)
  .argument('<file...>')
  .option('--dataset <name>', 'what these records are called in verdicts; default by file')
  .addOption(
    new Option('--format <format>', 'what the files are')
      .choices(['auto', 'cdxj', 'warc', 'parquet', 'csv', 'tsv', 'jsonl'])
      .default('auto', 'auto, by content'),
  )
  .option(
    '--column <field=name>',
    'which column holds what, url=image_link; may be repeated',
    (pair: string, before: readonly string[] = []) => [...before, pair],
  )
  .option('--no-labels', 'leave captions out: a smaller index')
  .option('--text', 'keep a sketch of the words of pages (WARC, WET, C4, FineWeb): 132 octets a page')
  .action(async (files: string[], options: Flags & ImportOptions) => {
    const { importSnapshots } = await import('./commands/snapshot.ts');
    await importSnapshots(loadConfig(options), files, options, print);
  });
configured(
  snapshot
    .command('list')
    .description('print each dataset, how its records fared, and what makes them suspect'),
)
  .option('--json', 'as JSON')
  .action(async (options: Flags & { json?: boolean }) => {
    const { listSnapshots } = await import('./commands/snapshot.ts');
    await listSnapshots(loadConfig(options), options, print);
  });
configured(snapshot.command('lookup').description('print the records of a URL as JSON'))
  .argument('<url>')
  .action(async (url: string, flags: Flags) => {
    const { lookupSnapshot } = await import('./commands/snapshot.ts');
    await lookupSnapshot(loadConfig(flags), url, print);
  });

configured(
  snapshot
    .command('export')
    .description('what was let through as a new set of records: url, caption, sha256'),
)
  .addOption(
    new Option('--format <format>', 'parquet for img2dataset --verify_hash, npy for DataComp')
      .choices(['parquet', 'csv', 'jsonl', 'cdxj', 'npy'])
      .default('parquet'),
  )
  .requiredOption('--out <file>', 'written whole or not at all')
  .option('--dataset <name>', 'what the records are called', 'foretaste')
  .option('--since <time>', 'verdicts from this RFC 3339 time on')
  .option('--verdict <verdicts>', `comma separated: ${VERDICTS.join(', ')}; default: all that pass`)
  .option('--uids <file...>', "DataComp's metadata in Parquet, for npy: uid and url")
  .action(async (options: Flags & RecordSetOptions) => {
    const { exportRecordSet } = await import('./commands/record-set.ts');
    await exportRecordSet(loadConfig(options), options, print);
  });

configured(program.command('export').description('the filter list for a training pipeline'))
  .option('--since <time>', 'verdicts from this RFC 3339 time on')
  .option('--verdict <verdicts>', `comma separated: ${VERDICTS.join(', ')}`)
  .addOption(new Option('--format <format>').choices(['jsonl', 'csv', 'parquet']).default('jsonl'))
  .option('--out <file>', 'default: standard output')
  .action(async (options: Flags & ExportOptions) => {
    const { exportVerdicts } = await import('./commands/export.ts');
    await exportVerdicts(loadConfig(options), options);
  });

configured(
  program
    .command('release')
    .description('let go what is quarantined and proves to be what was recorded, by rule'),
)
  .requiredOption('--rule <rule>', 'release/recorded-content, release/similar-text, or a file with a rule')
  .option('--filter <filter>', 'only what passes it, host:example.org kind:source.*', '')
  .option('--since <time>', 'verdicts from this RFC 3339 time on')
  .option('--dry-run', 'only say what would be let go')
  .option('--reviewer <name>', 'who stands in the log for it; default: the user of this machine')
  .option('--note <text>', 'added to the note of each review', '')
  .option('--json', 'one row a line, as JSON')
  .action(async (options: Flags & ReleaseOptions) => {
    const { releaseByRule } = await import('./commands/release.ts');
    await releaseByRule(loadConfig(options), options, print);
  });

const ca = program.command('ca').description('the local root that crawlers must trust');
configured(ca.command('path').description('print where the root certificate is')).action(
  async (flags: Flags) => {
    const { printRootPath } = await import('./commands/ca.ts');
    await printRootPath(loadConfig(flags), print);
  },
);
configured(ca.command('print').description('print the root certificate, PEM')).action(
  async (flags: Flags) => {
    const { printRoot } = await import('./commands/ca.ts');
    await printRoot(loadConfig(flags), print);
  },
);
configured(ca.command('trust').description('print how to make a machine trust the root')).action(
  async (flags: Flags) => {
    const { printTrust } = await import('./commands/ca.ts');
    await printTrust(loadConfig(flags), print);
  },
);

configured(program.command('env').description('the variables and flags that point each crawler at the guard'))
  .option('--proxy <host:port>', 'where the guard listens; default 127.0.0.1:8080')
  .addOption(new Option('--shell <shell>').choices([...SHELLS]).default('sh'))
  .addHelpText('after', '\nUse it:\n  eval "$(npm run -s foretaste -- env)"')
  .action(async (flags: Flags & { shell: Shell }) => {
    const { printEnvironment } = await import('./commands/env.ts');
    await printEnvironment(loadConfig(flags), flags.shell, print);
  });

program
  .command('rules')
  .description('the rules that checks go by')
  .command('test')
  .description('run the cases of every rule')
  .argument('[dir]', 'default: the rules of this version')
  .action(async (dir: string | undefined) => {
    const { testRules } = await import('./commands/rules.ts');
    process.exitCode = testRules(dir, print);
  });

configured(
  program
    .command('log')
    .description('the append-only log')
    .command('verify')
    .description('walk its hash chain'),
).action(async (flags: Flags) => {
  const { verifyStoredLog } = await import('./commands/log.ts');
  process.exitCode = await verifyStoredLog(loadConfig(flags), print);
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** One line a reader can act on; the stack only for what nobody expected. */
function report(error: unknown): number {
  // commander has said what is wrong; its own status for a mistake is 1, the contract's is 2.
  if (error instanceof Error && 'exitCode' in error) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ForetasteError) {
    process.stderr.write(`foretaste: ${error.message}\n`);
    return error.code === 'usage' ? 2 : 1;
  }
  process.stderr.write(`foretaste: ${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}
