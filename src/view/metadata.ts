/** Metadata that enters corpora: meta elements and JSON-LD, as values by path. */
import type { DataValue } from '../domain/index.ts';
import { addressOf } from './address.ts';
import { fold } from './content.ts';
import { flatten } from './json.ts';

/** Names whose content describes the page to readers and indexes; the rest drives browsers and trackers. */
const TOLD =
  /^(?:description|keywords|author|title|abstract|subject|robots|og:|twitter:|article:|book:|dc\.|dcterms\.|citation_|canonical)/i;

export function metaData(
  elements: ReadonlyArray<Readonly<Record<string, string>>>,
  sessions: readonly RegExp[],
): DataValue[] {
  return elements.flatMap((element) => {
    if (element['rel'] === 'canonical') return valueAt('link.canonical', element['href'] ?? '', sessions);
    const name = element['name'] ?? element['property'] ?? element['itemprop'] ?? '';
    return TOLD.test(name) ? valueAt(`meta.${name.toLowerCase()}`, element['content'] ?? '', sessions) : [];
  });
}

/** Addresses lose what names the visitor, as everywhere. */
const valueAt = (path: string, text: string, sessions: readonly RegExp[]): DataValue[] => {
  const folded = fold(text);
  const value = /^https?:\/\//.test(folded) ? (addressOf(folded, folded, sessions) ?? folded) : folded;
  return value === '' ? [] : [{ path, value }];
};

/** Values of all JSON-LD that parses; what does not parse is no data to anybody. */
export function linkedData(scripts: readonly string[]): DataValue[] {
  return scripts.flatMap((script) => {
    try {
      return flatten(JSON.parse(script.replace(/^\s*(?:\/\/)?<!\[CDATA\[|(?:\/\/)?\]\]>\s*$/g, '')), 'ld');
    } catch {
      return [];
    }
  });
}
