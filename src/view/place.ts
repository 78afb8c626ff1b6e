/** Places: where something stands in a page, by names that outlive a rebuild. */

/** Ancestors that a place names; more would make equal things differ by their wrappers. */
const DEPTH = 4;

/** Elements that wrap and mean nothing. */
const PLAIN = new Set(['div', 'span', 'html', 'body', 'center', 'font']);

/**
 * Name of an element: tag and its first two lasting class names, sorted, `div.story.teaser`; empty for a wrapper that means
 * nothing. Names made by a build or a counter (`css-1q2w3e`, `item-17`, `sc-bdVaJa`) are left out.
 */
export function elementName(tag: string, classes: string, built: readonly RegExp[]): string {
  const names = classes
    .split(/\s+/)
    .filter((name) => name !== '' && !looksBuilt(name) && !built.some((pattern) => pattern.test(name)))
    .slice(0, 2)
    .sort();
  if (names.length === 0) return PLAIN.has(tag) ? '' : tag;
  return `${tag}.${names.join('.')}`;
}

export function placeBelow(parent: string, name: string): string {
  if (name === '') return parent;
  const steps = parent === '' ? [name] : [...parent.split('>'), name];
  return steps.slice(-DEPTH).join('>');
}

/** A digit, or capitals in the middle of a short name without a hyphen, `aBcDeF`. */
const looksBuilt = (name: string): boolean =>
  /\d/.test(name) || /^[a-z]{1,3}[A-Z][A-Za-z]*[A-Z][a-z]*$/.test(name);
