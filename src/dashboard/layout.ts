/** The shell of every page. */
import { ICON_PATH, SCRIPT_PATH, STYLE_PATH } from './assets.ts';
import { type Html, html } from './html.ts';
import { keyed, keyHelp } from './keys.ts';

export interface Shell {
  readonly title: string;
  readonly here: 'review' | 'sources' | 'datasets' | 'verdict' | 'none';
  /** The filter as written, where the page has one. */
  readonly filter?: {
    readonly value: string;
    readonly action: string;
    readonly hidden?: Record<string, string>;
  };
  readonly main: Html;
}

const MARK = html`<svg class="mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d="M4 3h12l-1.2 6.2A4.9 4.9 0 0 1 10 13a4.9 4.9 0 0 1-4.8-3.8L4 3Z"/><path class="mark-line" d="M10 13v4M6.5 17.2h7M5 6.6h10"/></svg>`;

const tab = (here: boolean, href: string, label: string): Html =>
  html`<a href="${href}"${here ? html` aria-current="page"` : ''}>${label}</a>`;

const filterForm = ({ value, action, hidden = {} }: NonNullable<Shell['filter']>): Html => html`
<form class="filter" role="search" action="${action}" method="get">
  ${Object.entries(hidden).map(([name, set]) => html`<input type="hidden" name="${name}" value="${set}">`)}
  <input type="search" name="q" value="${value}" aria-label="Filter" autocomplete="off" spellcheck="false"
    placeholder="host:example.org severity:&gt;=high kind:split-view.*"${keyed('/')}>
</form>`;

/** A whole document. */
export const page = ({ title, here, filter, main }: Shell): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Foretaste</title>
<link rel="stylesheet" href="${STYLE_PATH}">
<link rel="icon" href="${ICON_PATH}" type="image/svg+xml">
<script src="${SCRIPT_PATH}" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top">
  <a class="brand" href="/">${MARK}<span>Foretaste</span></a>
  <nav aria-label="Main">
    ${tab(here === 'review', '/', 'Review')}
    ${tab(here === 'sources', '/sources', 'Sources')}
    ${tab(here === 'datasets', '/datasets', 'Datasets')}
    <a href="/docs">API</a>
  </nav>
  ${filter === undefined ? html`<span class="gap"></span>` : filterForm(filter)}
  <button type="button" class="quiet" popovertarget="keys"${keyed('?')}>Keys</button>
</header>
<p class="live" data-live hidden role="status"><a href=""></a></p>
<main id="main" tabindex="-1">
${main}
</main>
${keyHelp()}
</body>
</html>`;
