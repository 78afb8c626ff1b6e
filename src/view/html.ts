/** HTML and XHTML as channels: blocks by region, hidden text, links, images with labels, code, data. */
import type { CodeBlock, HiddenText, PageImage, PageLink, Region, TextBlock } from '../domain/index.ts';
import { addressOf } from './address.ts';
import { fold, type PageContent } from './content.ts';
import { hidingRules, invisibleText, isWorthKeeping, techniqueOf } from './hidden.ts';
import { linkedData, metaData } from './metadata.ts';
import { type Opener, Openings, type Placed, settleRegions } from './openings.ts';
import { elementName, placeBelow } from './place.ts';
import { isHeading, regionOf } from './region.ts';
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
  /** What opened the region. */
  readonly opener: Opener;
}

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
  readonly #blocks: Placed<TextBlock>[] = [];
  readonly #hidden: Placed<HiddenText>[] = [];
  readonly #links: Placed<PageLink>[] = [];
  readonly #images: Placed<PageImage>[] = [];
  readonly #code: CodeBlock[] = [];
  readonly #openings = new Openings();
  #run = '';
  #anchors: { href: string; rel: string; region: Region; opener: Opener }[] = [];

  constructor(base: string, rules: PageRules, sheet: ReadonlyMap<string, string>) {
    this.#base = base;
    this.#rules = rules;
    this.#sheet = sheet;
  }

  channels() {
    const content = this.#openings.contentAmong(this.#blocks);
    return {
      blocks: settleRegions(this.#blocks, content),
      hidden: settleRegions(this.#hidden, content),
      links: settleRegions(this.#links, content),
      images: settleRegions(this.#images, content),
      code: this.#code,
    };
  }

  read(roots: readonly Node[]): void {
    const start: State = {
      region: 'main',
      inArticle: false,
      path: '',
      tag: 'body',
      technique: '',
      opener: 0,
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
        opener: state.opener,
      });
    }
    if (inline) return state;
    const names = `${attribs['class'] ?? ''} ${attribs['id'] ?? ''}`.trim();
    const inArticle = state.inArticle || tag === 'article' || tag === 'main' || attribs['role'] === 'main';
    const isOfArticle = state.inArticle || (tag === 'header' && isHeading(node));
    const region = regionOf(tag, attribs['role'] ?? '', names, state.region, isOfArticle) ?? state.region;
    const path = placeBelow(state.path, elementName(tag, attribs['class'] ?? '', this.#rules.built));
    const opener = region === state.region ? state.opener : this.#openings.open(state.opener);
    return { region, inArticle, path, tag, technique, opener };
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
    const { region, path, tag, technique, opener } = state;
    for (const part of invisibleText(text, region, path)) this.#hidden.push({ part, opener });
    if (technique === '') this.#blocks.push({ part: { text, tag, region, path }, opener });
    else this.#hide(text, state);
  }

  #link(node: Element): void {
    const anchor = this.#anchors.pop();
    if (!anchor) return;
    const href = addressOf(anchor.href, this.#base, this.#rules.sessions);
    if (!href) return;
    const { rel, region, opener } = anchor;
    this.#links.push({ part: { href, text: fold(textInside(node)).slice(0, 500), rel, region }, opener });
  }

  #image(node: Element, attributes: Readonly<Record<string, string>>, state: State): void {
    // Lazy loaders name the real source as they like: `data-src`, `data-n-src`, `data-original`.
    const named = (pattern: RegExp) =>
      Object.keys(attributes).flatMap((name) => (pattern.test(name) ? [attributes[name] ?? ''] : []));
    // What stands in `src` may be no address at all until a script has run, `//:0`.
    const src = [
      ...named(/^data-(?:[\w-]+-)?(?:src|original)$/),
      ...named(/^src$/),
      ...named(/^(?:data-(?:[\w-]+-)?)?srcset$/).map((set) => set.trim().split(/[\s,]/)[0] ?? ''),
    ]
      .map((source) => addressOf(source, this.#base, this.#rules.sessions))
      .find((address) => address !== undefined);
    if (!src) return;
    const labels = [attributes['alt'], attributes['title'], attributes['aria-label'], captionOf(node)]
      .map((label) => fold(label ?? ''))
      .filter((label) => label !== '');
    const { region, opener } = state;
    this.#images.push({ part: { src, labels: [...new Set(labels)], region }, opener });
  }

  #pre(node: Element, state: State): void {
    const text = textInside(node).replace(/^\n+|\s+$/g, '');
    const first = node.children.filter(isElement).find((child) => child.name === 'code');
    const named = first?.attribs['class'] ?? node.attribs['class'];
    const language =
      /(?:lang(?:uage)?|brush|highlight-source)[-:]\s*([\w+#-]+)/i.exec(named ?? '')?.[1] ?? '';
    if (text.trim() === '') return;
    if (state.technique === '') this.#code.push({ text, language: language.toLowerCase(), path: state.path });
    else this.#hide(fold(text), state);
  }

  #hide(text: string, { technique, region, path, opener }: State): void {
    if (isWorthKeeping(text)) this.#hidden.push({ part: { text, technique, region, path }, opener });
  }

  #comment(data: string, state: State): void {
    const text = fold(data.replace(/<[^>]*>/g, ' '));
    if (/^\[if |^\[endif|^<!\[endif/.test(data.trim())) return;
    this.#hide(text, { ...state, technique: 'comment' });
  }
}
