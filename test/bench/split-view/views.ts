/** Views of markup, made as the guard makes them. */
import { join } from 'node:path';
import { CRAWLER, type IdentityName, type PageView } from '../../../src/domain/index.ts';
import { loadRules } from '../../../src/rules/load.ts';
import { patternsFor } from '../../../src/rules/volatile.ts';
import { pageOf } from '../../../src/view/html.ts';

export const rules = loadRules(join(import.meta.dirname, '../../../rules'));
const page = { sessions: patternsFor(rules.volatile, 'query'), built: patternsFor(rules.volatile, 'name') };
let made = 0;

export const viewOf = (markup: string, identity: IdentityName = CRAWLER): PageView => ({
  kind: 'page',
  identity,
  status: 200,
  mediaType: 'text/html',
  // Never equal to another: the comparison has to look.
  sha256: `view ${made++}`,
  evidence: 'usable',
  evidenceReason: '',
  ...pageOf(markup, 'https://site.example/articles/one', page),
});
