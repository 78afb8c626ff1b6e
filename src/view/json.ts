/** JSON and its kin as values by path. */
import type { DataValue } from '../domain/index.ts';

/** More leaves than any record a corpus takes whole; beyond them content is compared by its bytes. */
const MOST_VALUES = 50_000;

/**
 * Leaves of `value` in document order. A path names keys, and `[]` for any place in a list: lists are compared as a whole, so
 * that another order is no difference. Empty lists and objects are leaves `[]` and `{}`.
 */
export function flatten(value: unknown, path = ''): DataValue[] {
  const leaves: DataValue[] = [];
  const stack: Array<{ value: unknown; path: string }> = [{ value, path }];
  for (let next = stack.pop(); next && leaves.length < MOST_VALUES; next = stack.pop()) {
    const children = childrenOf(next.value, next.path);
    if (children.length === 0) leaves.push({ path: next.path, value: leafText(next.value) });
    for (let at = children.length - 1; at >= 0; at--) {
      const child = children[at];
      if (child) stack.push(child);
    }
  }
  return leaves;
}

function childrenOf(value: unknown, path: string): Array<{ value: unknown; path: string }> {
  if (Array.isArray(value)) return value.map((item) => ({ value: item, path: `${path}[]` }));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([key, item]) => ({
    value: item,
    path: path === '' ? key : `${path}.${key}`,
  }));
}

const leafText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

/**
 * Values of a JSON text, or of JSON values on lines of their own (NDJSON, JSON Lines).
 * @throws SyntaxError for a text that is neither
 */
export function valuesOf(text: string): DataValue[] {
  const plain = text.replace(/^\ufeff/, '').replace(/^\)\]\}',?\n/, '');
  try {
    return flatten(JSON.parse(plain));
  } catch (error) {
    const lines = plain.split('\n').filter((line) => line.trim() !== '');
    if (lines.length < 2) throw error;
    return lines.flatMap((line) => flatten(JSON.parse(line), '[]'));
  }
}
