/** All rules of a folder, checked once at start. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { ForetasteError } from '../domain/index.ts';
import { evidenceRuleSchema } from './evidence.ts';
import { policySchema } from './policy.ts';
import { profileSchema } from './profiles.ts';
import { releaseRuleSchema } from './release.ts';
import type { Rules } from './rules.ts';
import { textRuleSchema } from './text.ts';
import { triggerRuleSchema } from './trigger.ts';
import { volatileRuleSchema } from './volatile.ts';
import { parseYaml } from './yaml.ts';

/**
 * Read `dir`/{profiles,policy,volatile,evidence,text,trigger,release}/*.yaml, each family in the order of its file names.
 * @throws ForetasteError `rule`: the first thing that is wrong, with file and line
 */
export function loadRules(dir: string): Rules {
  const hash = createHash('sha256');
  const family = <Schema extends z.ZodType>(name: string, schema: Schema): z.output<Schema>[] =>
    filesOf(join(dir, name)).map((file) => {
      const text = readFileSync(join(dir, name, file), 'utf8');
      // Length first: without it two files could be cut differently and come to one digest.
      hash.update(`${name}/${file} ${Buffer.byteLength(text)}\n`).update(text);
      return parseYaml(text, join(dir, name, file), schema, 'rule');
    });
  const rules = {
    profiles: family('profiles', profileSchema),
    policies: family('policy', policySchema),
    volatile: family('volatile', volatileRuleSchema),
    evidence: family('evidence', evidenceRuleSchema),
    text: family('text', textRuleSchema),
    trigger: family('trigger', triggerRuleSchema),
    release: family('release', releaseRuleSchema),
  };
  if (rules.policies.length === 0) {
    throw new ForetasteError(
      'rule',
      `Expected at least one policy but received none in ${join(dir, 'policy')}.`,
      {
        where: dir,
      },
    );
  }
  refuseTwins(
    dir,
    [...rules.profiles, ...rules.policies].map(({ name }) => name),
  );
  refuseTwins(
    dir,
    [...rules.volatile, ...rules.evidence, ...rules.text, ...rules.trigger, ...rules.release].map(
      ({ id }) => id,
    ),
  );
  return { ...rules, digest: `sha256:${hash.digest('hex')}` };
}

const filesOf = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.yaml'))
        .sort()
    : [];

/** Two rules of one name could not be told apart in a finding. */
function refuseTwins(dir: string, names: readonly string[]): void {
  const twin = names.find((name, at) => names.indexOf(name) !== at);
  if (twin !== undefined) {
    throw new ForetasteError('rule', `Expected one rule named ${twin} but received two in ${dir}.`, {
      where: dir,
    });
  }
}
