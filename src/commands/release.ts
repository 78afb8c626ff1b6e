/** `foretaste release`: let go what is quarantined and proves to be what was recorded, by rule. */
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Config } from '../config.ts';
import { openCore } from '../core.ts';
import { wantedBy } from '../dashboard/wanted.ts';
import { ForetasteError } from '../domain/index.ts';
import { type Candidate, release, releaseRule } from '../guard/release.ts';
import { keptCapture } from '../kept.ts';
import { type ReleaseRule, releaseRuleSchema } from '../rules/release.ts';
import { parseYaml } from '../rules/yaml.ts';
import { sinceOf } from './since.ts';

export interface ReleaseOptions {
  /** Id of a rule of this version, or a file with one. */
  readonly rule: string;
  readonly filter: string;
  readonly since?: string;
  readonly dryRun?: boolean;
  readonly reviewer?: string;
  readonly note: string;
  readonly json?: boolean;
}

/** Prints a line for each verdict that is let go, or would be, then the counts. */
export async function releaseByRule(
  config: Config,
  options: ReleaseOptions,
  print: (line: string) => void,
): Promise<void> {
  const { dryRun = false, note, json = false } = options;
  const core = await openCore(config);
  try {
    const order = {
      rule: asUsage(() => ruleOf(options.rule, core.rules.release)),
      wanted: asUsage(() => wantedBy(options.filter, core.ports.clock())),
      ...sinceOf(options.since),
      dryRun,
      reviewer: options.reviewer ?? userInfo().username,
      note,
    };
    let [examined, released] = [0, 0];
    for await (const candidate of release(order, { ...core, captureOf: keptCapture(core) })) {
      examined++;
      if (!candidate.released) continue;
      released++;
      print(json ? JSON.stringify(rowOf(candidate)) : lineOf(candidate));
    }
    const summary = `${dryRun ? 'would release' : 'released'} ${released} of ${examined} quarantined`;
    if (json) process.stderr.write(`${summary}\n`);
    else print(summary);
  } finally {
    await core.close();
  }
}

/** What a caller of the API asked badly is a wrong option here. */
function asUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof ForetasteError && cause.code === 'bad-request')
      throw new ForetasteError('usage', cause.message, { cause });
    throw cause;
  }
}

const ruleOf = (given: string, rules: readonly ReleaseRule[]): ReleaseRule =>
  /\.ya?ml$/.test(given)
    ? parseYaml(readRule(given), given, releaseRuleSchema, 'rule')
    : releaseRule(rules, given);

function readRule(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ForetasteError('usage', `Expected a readable rule but could not read ${file}.`, { cause });
  }
}

const rowOf = ({ verdict: { id, url, source }, match, kinds }: Candidate) => ({
  id,
  url,
  source,
  snapshot: match.status,
  dataset: match.dataset,
  kinds,
});

const lineOf = ({ verdict: { id, url }, match, kinds }: Candidate): string =>
  [id, match.status, match.dataset ?? '-', kinds.length === 0 ? '-' : kinds.join(','), url].join('\t');
