/** HTML and XHTML as channels: blocks by region, hidden text, links, images with labels, code, data. */
import type { CodeBlock, HiddenText, PageImage, PageLink, Region, TextBlock } from '../domain/index.ts';
import { addressOf } from './address.ts';
import { fold, type PageContent } from './content.ts';
import { hidingRules, invisibleText, isWorthKeeping, techniqueOf } from './hidden.ts';
import { linkedData, metaData } from './metadata.ts';
import { elementName, placeBelow } from './place.ts';
import { regionOf } from './region.ts';
import {
  captionOf,
  type Element,
  elementsNamed,
  isElement,
  type Node,
  parse,
  rawText,
  SILENT,
  textInside,
} from './tree.ts';

export interface PageRules {
  /** Names of query parameters that name a visitor. */
  readonly sessions: readonly RegExp[];
  /** Class and id names made by a build. */
  readonly built: readonly RegExp[];
}

const INLINE = new Set(
  'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rb rp rt ruby s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);
/** Deeper nesting is an attack on parsers; what lies below is read as text of the last element. */
const DEEPEST = 500;

/** Elements at which a head ends that nobody closed. @see https://html.spec.whatwg.org/#parsing-main-inhead */
const ENDS_HEAD = new Set('body div p main article section header nav footer table ul h1 h2 h3'.split(' '));
const isOpenHead = ({ name, children }: Element): boolean =>
  name === 'head' && children.some((child) => isElement(child) && ENDS_HEAD.has(child.name));

interface State {
  readonly region: Region;
  readonly inArticle: boolean;
  readonly path: string;
  readonly tag: string;
  readonly technique: string;
  /** Number of the element that opened the region, 0 for the page. */
  readonly opened: number;
}

/** A region that holds this share of all text is the page itself, whatever its name: `div.blog-comments` around everything. */
const TOO_MUCH_FOR_CHROME = 0.4;

export function pageOf(markup: string, url: string, rules: PageRules): PageContent {
  const roots = parse(markup);
  const named = elementsNamed(roots, 'html', 'base', 'title', 'style', 'meta', 'link', 'script');
  const all = (name: string): readonly Element[] => named.get(name) ?? [];
  const base = addressOf(all('base')[0]?.attribs['href'] ?? '', url, []) ?? url;
  const reader = new PageReader(base, rules, hidingRules(all('style').map(rawText)));
  reader.read(roots);
  const [html] = all('html');
  const canonical = all('link').filter(({ attribs }) => attribs['rel'] === 'canonical');
  const scripts = all('script').filter(({ attribs }) => attribs['type'] === 'application/ld+json');
  return {
    title: fold(all('title').map(rawText)[0] ?? ''),
    language: (html?.attribs['lang'] ?? html?.attribs['xml:lang'] ?? '').toLowerCase(),
    ...reader.channels(),
    data: [
      ...metaData(
        [...all('meta'), ...canonical].map(({ attribs }) => attribs),
        rules.sessions,
      ),
      ...linkedData(scripts.map(rawText)),
    ],
  };
}

/** One pass over the tree, in document order, without recursion: nesting is the page's choice. */
class PageReader {
  readonly #base: string;
  readonly #rules: PageRules;
  readonly #sheet: ReadonlyMap<string, string>;
  readonly #blocks: TextBlock[] = [];
  readonly #hidden: HiddenText[] = [];
  readonly #links: PageLink[] = [];
  readonly #images: PageImage[] = [];
  readonly #code: CodeBlock[] = [];
  /** For each part, the element that opened its region. */
  readonly #openers = { blocks: [] as number[], links: [] as number[], images: [] as number[] };
  #openings = 0;
  #run = '';
  #anchors: { href: string; rel: string; region: Region; opened: number }[] = [];

  constructor(base: string, rules: PageRules, sheet: ReadonlyMap<string, string>) {
    this.#base = base;
    this.#rules = rules;
    this.#sheet = sheet;
  }

  channels() {
    return {
      blocks: this.#inContent(this.#blocks, this.#openers.blocks),
      hidden: this.#hidden,
      links: this.#inContent(this.#links, this.#openers.links),
      images: this.#inContent(this.#images, this.#openers.images),
      code: this.#code,
    };
  }

  /** What stands in a region that is the page itself stands in its content. */
  #inContent<Part extends { readonly region: Region }>(
    parts: readonly Part[],
    openers: readonly number[],
  ): Part[] {
    const content = this.#contentOpeners();
    return parts.map((part, at) => (content.has(openers[at] ?? 0) ? { ...part, region: 'main' } : part));
  }

  #contentOpeners(): Set<number> {
    const sizes = new Map<number, number>();
    let all = 0;
    this.#blocks.forEach(({ text }, at) => {
      const opener = this.#openers.blocks[at] ?? 0;
      all += text.length;
      sizes.set(opener, (sizes.get(opener) ?? 0) + text.length);
    });
    return new Set(
      [...sizes]
        .filter(([opener, size]) => opener > 0 && size > all * TOO_MUCH_FOR_CHROME)
        .map(([opener]) => opener),
    );
  }

  read(roots: readonly Node[]): void {
    const start: State = {
      region: 'main',
      inArticle: false,
      path: '',
      tag: 'body',
      technique: '',
      opened: 0,
    };
    const stack: Array<{ node: Node; state: State; leaving: boolean }> = [];
    const push = (children: readonly Node[], state: State) => {
      for (let at = children.length - 1; at >= 0; at--) {
        const node = children[at];
        if (node) stack.push({ node, state, leaving: false });
      }
    };
    push(roots, start);
    for (let step = stack.pop(); step; step = stack.pop()) {
      const { node, state, leaving } = step;
      if (leaving) this.#leave(node, state);
      else if (node.type === 'text') this.#run += node.data;
      else if (node.type === 'comment') this.#comment(node.data, state);
      else if (isElement(node)) {
        const inside = this.#enter(node, state);
        if (!inside) continue;
        stack.push({ node, state: inside, leaving: true });
        if (stack.length < DEEPEST * 50) push(node.children, inside);
      }
    }
    this.#flush(start);
  }

  /** The state inside the element; undefined where nothing inside is read. */
  #enter(node: Element, state: State): State | undefined {
    const { name: tag, attribs } = node;
    if (tag === 'br' || tag === 'hr' || tag === 'wbr') {
      if (tag === 'wbr') return undefined;
      this.#run += '\n';
      if (tag === 'hr') this.#flush(state);
      return undefined;
    }
    if (tag === 'img') {
      this.#image(node, attribs, state);
      return undefined;
    }
    if (SILENT.has(tag) && !isOpenHead(node)) return undefined;
    const technique = state.technique || techniqueOf(tag, attribs, this.#sheet) || '';
    const inline = INLINE.has(tag) && technique === state.technique;
    if (!inline) this.#flush(state);
    if (tag === 'pre') {
      this.#pre(node, { ...state, tag, technique });
      return undefined;
    }
    if (tag === 'a' && attribs['href'] !== undefined) {
      this.#anchors.push({
        href: attribs['href'],
        rel: attribs['rel'] ?? '',
        region: state.region,
        opened: state.opened,
      });
    }
    if (inline) return state;
    const names = `${attribs['class'] ?? ''} ${attribs['id'] ?? ''}`.trim();
    const inArticle = state.inArticle || tag === 'article' || tag === 'main' || attribs['role'] === 'main';
    const region =
      state.region === 'main' || tag === 'main'
        ? (regionOf(tag, attribs['role'] ?? '', names, state.region, state.inArticle) ?? state.region)
        : state.region;
    const path = placeBelow(state.path, elementName(tag, attribs['class'] ?? '', this.#rules.built));
    const opened = region === state.region ? state.opened : ++this.#openings;
    return { region, inArticle, path, tag, technique, opened };
  }

  #leave(node: Node, state: State): void {
    if (!isElement(node)) return;
    if (node.name === 'a' && node.attribs['href'] !== undefined) this.#link(node);
    if (INLINE.has(node.name) && state.tag !== node.name) return;
    this.#flush(state);
  }

  #flush(state: State): void {
    const run = this.#run;
    this.#run = '';
    if (run === '') return;
    const text = fold(run);
    if (text === '') return;
    this.#hidden.push(...invisibleText(text, state.path));
    if (state.technique === '') {
      this.#openers.blocks.push(state.opened);
      this.#blocks.push({ text, tag: state.tag, region: state.region, path: state.path });
    } else if (isWorthKeeping(text)) {
      this.#hidden.push({ text, technique: state.technique, path: state.path });
    }
  }

  #link(node: Element): void {
    const anchor = this.#anchors.pop();
    if (!anchor) return;
    const href = addressOf(anchor.href, this.#base, this.#rules.sessions);
    if (!href) return;
    this.#openers.links.push(anchor.opened);
    this.#links.push({
      href,
      text: fold(textInside(node)).slice(0, 500),
      rel: anchor.rel,
      region: anchor.region,
    });
  }

  #image(node: Element, attributes: Readonly<Record<string, string>>, state: State): void {
    // Lazy loaders name the real source as they like: `data-src`, `data-n-src`, `data-original`.
    const lazy = Object.keys(attributes).filter((name) => /^data-(?:[\w-]+-)?(?:src|original)$/.test(name));
    const source = [
      ...lazy.map((name) => attributes[name]),
      attributes['src'],
      attributes['srcset']?.split(/[\s,]/)[0],
    ].find((value) => value !== undefined && value !== '' && !value.startsWith('data:'));
    const src = source === undefined ? undefined : addressOf(source, this.#base, this.#rules.sessions);
    if (!src) return;
    const labels = [attributes['alt'], attributes['title'], attributes['aria-label'], captionOf(node)]
      .map((label) => fold(label ?? ''))
      .filter((label) => label !== '');
    this.#openers.images.push(state.opened);
    this.#images.push({ src, labels: [...new Set(labels)], region: state.region });
  }

  #pre(node: Element, state: State): void {
    const text = textInside(node).replace(/^\n+|\s+$/g, '');
    const first = node.children.filter(isElement).find((child) => child.name === 'code');
    const named = first?.attribs['class'] ?? node.attribs['class'];
    const language =
      /(?:lang(?:uage)?|brush|highlight-source)[-:]\s*([\w+#-]+)/i.exec(named ?? '')?.[1] ?? '';
    if (text.trim() === '') return;
    if (state.technique === '') this.#code.push({ text, language: language.toLowerCase(), path: state.path });
    else this.#hidden.push({ text: fold(text), technique: state.technique, path: state.path });
  }

  #comment(data: string, state: State): void {
    const text = fold(data.replace(/<[^>]*>/g, ' '));
    if (/^\[if |^\[endif|^<!\[endif/.test(data.trim()) || !isWorthKeeping(text)) return;
    this.#hidden.push({ text, technique: 'comment', path: state.path });
  }
}
