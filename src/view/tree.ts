/** The tree of a page, as its markup gives it. */
import { load } from 'cheerio/slim';

type Root = ReturnType<ReturnType<typeof load>['root']>[0];
export type Node = NonNullable<Root>['children'][number];
export type Element = Extract<Node, { attribs: unknown }>;

export const isElement = (node: object): node is Element => 'attribs' in node;

/** Children of the root. Selectors are left alone: on nesting as deep as an attacker likes they take quadratic time. */
export const parse = (markup: string): readonly Node[] =>
  load(markup, { xml: { xmlMode: false, decodeEntities: true } }).root()[0]?.children ?? [];

/** All elements with these names, in document order, by name. */
export function elementsNamed(roots: readonly Node[], ...names: readonly string[]): Map<string, Element[]> {
  const found = new Map<string, Element[]>(names.map((name) => [name, []]));
  const stack: Node[] = [...roots].reverse();
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (!isElement(next)) continue;
    found.get(next.name)?.push(next);
    for (let at = next.children.length - 1; at >= 0; at--) stack.push(next.children[at] as Node);
  }
  return found;
}

/** Text directly inside an element, as style sheets, scripts and titles have it. */
export const rawText = ({ children }: Element): string =>
  children.map((child) => (child.type === 'text' ? child.data : '')).join('');

/** Their text is no content of the page. */
export const SILENT = new Set(
  'script style head title svg iframe object canvas select datalist textarea audio video map'.split(' '),
);

/** All text inside an element. */
export function textInside(node: Element): string {
  let text = '';
  const stack: Node[] = [...node.children].reverse();
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (next.type === 'text') text += next.data;
    else if (isElement(next) && !SILENT.has(next.name)) {
      if (next.name === 'br') text += '\n';
      stack.push(...[...next.children].reverse());
    }
  }
  return text;
}

/** Caption of the figure around a picture, within a few levels. */
export function captionOf(node: Element): string | undefined {
  let parent = node.parent;
  for (let level = 0; parent && level < 4; level++, parent = parent.parent) {
    if (!isElement(parent) || parent.name !== 'figure') continue;
    const caption = parent.children.filter(isElement).find((child) => child.name === 'figcaption');
    return caption && textInside(caption);
  }
  return undefined;
}
