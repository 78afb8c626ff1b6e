/** The one style sheet, the one script and the icon, under addresses that change with their content. */
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

/** FNV-1a, 32 bit: names a version, protects nothing. */
function version(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash ^= text.charCodeAt(at);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, '0');
}

export const STYLE_PATH = `/dashboard/${version(STYLE)}.css`;
export const SCRIPT_PATH = `/dashboard/${version(SCRIPT)}.js`;
export const ICON_PATH = '/dashboard/icon.svg';

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><path fill="#8a5a2b" d="M4 2h12l-1.3 7.2A4.9 4.9 0 0 1 10 13a4.9 4.9 0 0 1-4.7-3.8L4 2Z"/><path stroke="#8a5a2b" stroke-width="1.6" stroke-linecap="round" d="M10 13v4M6.5 17.5h7"/></svg>`;

export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

export const ASSETS: readonly Asset[] = [
  { path: STYLE_PATH, type: 'text/css; charset=utf-8', text: STYLE },
  { path: SCRIPT_PATH, type: 'text/javascript; charset=utf-8', text: SCRIPT },
  { path: ICON_PATH, type: 'image/svg+xml', text: ICON },
];
