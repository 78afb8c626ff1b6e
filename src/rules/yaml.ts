/** YAML checked against a schema, with one sentence about the first thing that is wrong. */
import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type ErrorCode, ForetasteError } from '../domain/index.ts';
import { expectationAt, keysAt } from './expectation.ts';

/**
 * Parse `text` and check it. Unknown keys are errors where the schema is strict.
 * The message of a custom issue reads as what was expected: `a size such as 64MiB`.
 * @throws ForetasteError `code`: `Expected audit.rate to be a number between 0 and 1 but received 7 in foretaste.yaml:12.`
 */
export function parseYaml<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
  code: ErrorCode,
): z.output<Schema> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken) {
    const where = `${file}:${lines.linePos(broken.pos[0]).line}`;
    throw new ForetasteError(
      code,
      `Expected YAML but received a syntax error (${broken.message}) in ${where}.`,
      {
        where,
      },
    );
  }
  const value = plainValue(document, file, code);
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  if (!issue)
    throw new ForetasteError('internal', `Expected a reason why ${file} was refused but received none.`);
  const { path, expected, received } = explain(issue, schema, value);
  const where = `${file}:${lines.linePos(offsetOf(document, path)).line}`;
  throw new ForetasteError(code, `Expected ${expected} but received ${received} in ${where}.`, { where });
}

/** An alias may stand for a list of aliases: expanded without a bound, a few lines fill the memory. */
function plainValue(document: Document, file: string, code: ErrorCode): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ForetasteError(code, `Expected at most 100 aliases but received more (${reason}) in ${file}.`, {
      where: file,
      cause,
    });
  }
}

interface Explanation {
  readonly path: readonly PropertyKey[];
  readonly expected: string;
  readonly received: string;
}

function explain(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown): Explanation {
  const name = dotted(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = keysAt(schema, issue.path);
    const among = known.length > 0 ? `a key of ${known.join(', ')}` : 'no further key';
    const place = issue.path.length > 0 ? ` in ${name}` : '';
    return { path: [...issue.path, key], expected: `${among}${place}`, received: JSON.stringify(key) };
  }
  const expectation =
    issue.code === 'custom' ? issue.message : expectationAt(schema, issue.path, issue.message);
  const received = valueAt(value, issue.path);
  return {
    path: issue.path,
    expected: issue.path.length > 0 ? `${name} to be ${expectation}` : expectation,
    received: received === undefined ? 'nothing' : shortened(JSON.stringify(received)),
  };
}

const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}...` : text);

const dotted = (path: readonly PropertyKey[]): string =>
  path
    .map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at > 0 ? '.' : ''}${String(key)}`))
    .join('');

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** Where the key at `path` stands; where it is missing, the nearest thing around it that is there. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const parent = document.getIn(path.slice(0, depth - 1), true);
    const last = path[depth - 1];
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && key.value === last)
      : undefined;
    const node = (pair?.key ?? document.getIn(path.slice(0, depth), true)) as Node | undefined;
    if (node?.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}
