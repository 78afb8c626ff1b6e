#!/usr/bin/env node
/** The commands: arguments in, exit status out. Each command's work stands in src/commands. */
import { Command, Option } from 'commander';
import { check } from './commands/check.ts';
import { render, SHELLS, type Shell } from './commands/environment.ts';
import { type ExportOptions, exportVerdicts } from './commands/export.ts';
import { verifyStoredLog } from './commands/log.ts';
import { testRules } from './commands/rules.ts';
import { run } from './commands/run.ts';
import { serve } from './commands/serve.ts';
import { importSnapshots, lookupSnapshot } from './commands/snapshot.ts';
import { type Flags, loadConfig } from './config.ts';
import { ForetasteError, VERDICTS } from './domain/index.ts';
import { openAuthorityOf, reachOf, VERSION } from './node.ts';

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const program = new Command('foretaste')
  .description('A guard proxy that tastes the web before a training corpus eats it.')
  .version(VERSION)
  .showHelpAfterError()
  .enablePositionalOptions()
  .configureHelp({ sortSubcommands: false })
  .exitOverride();

/** The options of every command that reads the configuration. */
const configured = (command: Command): Command =>
  command
    .addOption(new Option('--config <file>', 'configuration; default foretaste.yaml where it exists'))
    .addOption(new Option('--data <dir>', 'data folder; default ./foretaste-data'));

/** The options of a command that listens. */
const listening = (command: Command): Command =>
  configured(command)
    .option('--proxy <host:port>', 'where crawlers connect; port 0 takes a free one; default 127.0.0.1:8080')
    .option('--api <host:port>', 'API and dashboard; default 127.0.0.1:8081')
    .option('--mode <mode>', 'enforce holds each response until its verdict, observe streams at once')
    .option('--workers <n>', 'processes that share the proxy port; default 1');

listening(program.command('serve').description('run the guard: proxy, API and dashboard'))
  .addHelpText(
    'after',
    '\nPoint a crawler at it:\n  eval "$(npm run -s foretaste -- env)"\n  curl https://example.org/',
  )
  .action((flags: Flags) => serve(loadConfig(flags), print));

listening(program.command('run').description('run a command behind a guard of its own'))
  .argument('<command...>', 'the command and its arguments, after --')
  .addHelpText('after', '\nExample:\n  npm run -s foretaste -- run -- curl -sS https://example.org/')
  .passThroughOptions()
  .action(async (command: string[], flags: Flags) => {
    // Free ports unless somebody asks for certain ones: a run stands beside other guards.
    const free = { proxy: '127.0.0.1:0', api: '127.0.0.1:0' };
    process.exitCode = await run(
      loadConfig(flags.config === undefined ? { ...free, ...flags } : flags),
      command,
    );
  });

configured(program.command('check').description('fetch URLs through every identity and judge them now'))
  .argument('<url...>', 'http or https URLs')
  .option('--as <profile>', 'the profile the crawler pretends to be', 'plain')
  .option('--json', 'one verdict a line, as JSON')
  .addHelpText(
    'after',
    '\nExit status: 0 clean or unverified, 3 suspect, 4 poisoned, 2 usage, 1 could not judge.',
  )
  .action(async (urls: string[], options: Flags & { as: string; json?: boolean }) => {
    process.exitCode = await check(loadConfig(options), urls, options, print);
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
  .option('--column <name=column...>', 'which column holds what, url=image_link sha256=hash')
  .action((files: string[], options) => importSnapshots(loadConfig(options), files, options, print));
configured(snapshot.command('lookup').description('print the records of a URL as JSON'))
  .argument('<url>')
  .action((url: string, flags: Flags) => lookupSnapshot(loadConfig(flags), url, print));

configured(program.command('export').description('the filter list for a training pipeline'))
  .option('--since <time>', 'verdicts from this RFC 3339 time on')
  .option('--verdict <verdicts>', `comma separated: ${VERDICTS.join(', ')}`)
  .addOption(new Option('--format <format>').choices(['jsonl', 'csv', 'parquet']).default('jsonl'))
  .option('--out <file>', 'default: standard output')
  .action((options: Flags & ExportOptions) => exportVerdicts(loadConfig(options), options));

const ca = program.command('ca').description('the local root that crawlers must trust');
configured(ca.command('path').description('print where the root certificate is')).action(
  async (flags: Flags) => print((await openAuthorityOf(loadConfig(flags))).rootPath),
);
configured(ca.command('print').description('print the root certificate, PEM')).action(async (flags: Flags) =>
  print((await openAuthorityOf(loadConfig(flags))).rootPem.trimEnd()),
);
configured(ca.command('trust').description('print how to make this machine trust the root')).action(
  async (flags: Flags) => {
    const { rootPath } = await openAuthorityOf(loadConfig(flags));
    print(
      `# Debian, Ubuntu\nsudo cp ${rootPath} /usr/local/share/ca-certificates/foretaste.crt && sudo update-ca-certificates`,
    );
    print(
      `# Fedora\nsudo cp ${rootPath} /etc/pki/ca-trust/source/anchors/foretaste.pem && sudo update-ca-trust`,
    );
    print(
      `# macOS\nsudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ${rootPath}`,
    );
  },
);

configured(program.command('env').description('the variables and flags that point each crawler at the guard'))
  .option('--proxy <host:port>', 'where the guard listens; default 127.0.0.1:8080')
  .addOption(new Option('--shell <shell>').choices([...SHELLS]).default('sh'))
  .action(async (flags: Flags & { shell: Shell }) => {
    const config = loadConfig(flags);
    print(render(await reachOf(config, await openAuthorityOf(config), config.proxy.listen), flags.shell));
  });

program
  .command('rules')
  .description('the rules that checks go by')
  .command('test')
  .description('run the cases of every rule')
  .argument('[dir]', 'default: the rules of this version')
  .action((dir: string | undefined) => {
    process.exitCode = testRules(dir, print);
  });

configured(
  program
    .command('log')
    .description('the append-only log')
    .command('verify')
    .description('walk its hash chain'),
).action(async (flags: Flags) => {
  process.exitCode = await verifyStoredLog(loadConfig(flags), print);
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** One line a reader can act on; the stack only for what nobody expected. */
function report(error: unknown): number {
  if (error instanceof Error && 'exitCode' in error) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ForetasteError) {
    process.stderr.write(`foretaste: ${error.message}\n`);
    return error.code === 'usage' ? 2 : 1;
  }
  process.stderr.write(`foretaste: ${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}
