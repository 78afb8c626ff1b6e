import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ForetasteError } from '../../src/domain/index.ts';
import { pattern } from '../../src/rules/rule.ts';
import { parseYaml } from '../../src/rules/yaml.ts';

const schema = z.strictObject({
  mode: z.enum(['enforce', 'observe']).default('enforce'),
  audit: z.strictObject({ rate: z.union([z.literal('adaptive'), z.number().min(0).max(1)]) }).optional(),
  list: z.array(z.strictObject({ name: z.string().min(1) })).default([]),
  size: z
    .string()
    .refine((text) => /^\d+MiB$/.test(text), { error: 'a size such as 64MiB' })
    .optional(),
  only: pattern.optional(),
});

describe('parseYaml', () => {
  it('fills in defaults', () => {
    expect(parseYaml('{}', 'f.yaml', schema, 'config')).toEqual({ mode: 'enforce', list: [] });
  });

  it.each([
    [
      'mode: enforce\naudit:\n  rate: 7\n',
      'Expected audit.rate to be adaptive or a number between 0 and 1 but received 7 in f.yaml:3.',
    ],
    ['mode: loud', 'Expected mode to be one of enforce, observe but received "loud" in f.yaml:1.'],
    [
      'mode: observe\naudti: {}',
      'Expected a key of mode, audit, list, size, only but received "audti" in f.yaml:2.',
    ],
    ['audit: { rte: 1, rate: 1 }', 'Expected a key of rate in audit but received "rte" in f.yaml:1.'],
    [
      'list:\n  - name: a\n  - {}',
      'Expected list[1].name to be text that is not empty but received nothing in f.yaml:3.',
    ],
    ['size: 64MB', 'Expected size to be a size such as 64MiB but received "64MB" in f.yaml:1.'],
    ['[]', 'Expected a mapping but received [] in f.yaml:1.'],
    ['mode: "enforce\n', /^Expected YAML but received a syntax error \(.*\) in f\.yaml:\d\.$/],
    ['only: "("', /^Expected only to be a regular expression \(.*\) but received "\(" in f\.yaml:1\.$/],
  ])('says of %j what was expected, what came and where', (text, message) => {
    const attempt = () => parseYaml(text, 'f.yaml', schema, 'config');
    expect(attempt).toThrow(ForetasteError);
    expect(attempt).toThrow(message);
  });

  it('refuses an alias bomb', () => {
    const level = (name: string, inner: string) =>
      `${name}: &${name} [${Array(9).fill(`*${inner}`).join(',')}]`;
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]', level('b', 'a'), level('c', 'b'), level('d', 'c')].join('\n');
    expect(() => parseYaml(bomb, 'f.yaml', z.unknown(), 'config')).toThrow(ForetasteError);
  });
});
