/** The OpenAPI description as one readable page: no script, nothing from another host. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { html, raw } from 'hono/html';

type Description = ReturnType<OpenAPIHono['getOpenAPI31Document']>;
type Operation = NonNullable<NonNullable<Description['paths']>[string]['get']>;
type Parts = ReadonlyArray<ReturnType<typeof html>>;

export const STYLES = `:root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 20%,transparent)}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code,pre{font:14px/1.4 ui-monospace,monospace}
article{border-top:1px solid var(--line);padding:1rem 0}
h3 code{font-size:1.05rem}
.method{display:inline-block;min-width:3.5rem;font-weight:700}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line)}
pre{overflow:auto;padding:.75rem;border:1px solid var(--line);border-radius:.25rem;max-height:24rem}
summary{cursor:pointer}
nav a{display:inline-block;margin-right:1rem}`;

export const docsPage = (description: Description) => {
  const operations = operationsOf(description);
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'Other'))];
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${description.info.title} API</title>
        <link rel="stylesheet" href="/docs.css" />
      </head>
      <body>
        <h1>${description.info.title} API ${description.info.version}</h1>
        <p>${description.info.description} For programs: <a href="/openapi.json">openapi.json</a>.</p>
        <p>
          Errors are problems (RFC 9457) that name the <code>field</code>. With tokens in the configuration each call
          needs <code>Authorization: Bearer TOKEN</code>; without, only this machine is answered.
        </p>
        <nav>${tags.map((tag) => html`<a href="#${tag}">${tag}</a> `)}</nav>
        ${tags.map(
          (tag) =>
            html`<h2 id="${tag}">${tag}</h2>
              ${operations.filter(({ operation }) => (operation.tags?.[0] ?? 'Other') === tag).map(article)}`,
        )}
        <h2>Shapes</h2>
        ${Object.entries(description.components?.schemas ?? {}).map(
          ([name, schema]) =>
            html`<details>
              <summary><code>${name}</code></summary>
              <pre>${JSON.stringify(schema, null, 2)}</pre>
            </details>`,
        )}
      </body>
    </html>`;
};

interface Listed {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

const operationsOf = ({ paths = {} }: Description): Listed[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    (['get', 'post'] as const).flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ method: method.toUpperCase(), path, operation }];
    }),
  );

const article = ({ method, path, operation }: Listed) =>
  html`<article>
    <h3><span class="method">${method}</span> <code>${path}</code></h3>
    <p>${operation.summary ?? ''}</p>
    ${operation.description === undefined ? raw('') : html`<p>${operation.description}</p>`}
    ${parameterTable(operation)} ${contentList(operation)}
  </article>`;

const parameterTable = ({ parameters = [] }: Operation) => {
  const rows: Parts = parameters.flatMap((parameter) =>
    '$ref' in parameter
      ? []
      : [
          html`<tr>
            <td><code>${parameter.name}</code></td>
            <td>${parameter.in}</td>
            <td><code>${JSON.stringify(parameter.schema ?? {})}</code></td>
          </tr>`,
        ],
  );
  return rows.length === 0 ? raw('') : html`<table>${rows}</table>`;
};

const contentList = ({ requestBody, responses = {} }: Operation) => {
  const lines: Parts = [
    ...(requestBody !== undefined && 'content' in requestBody
      ? mediaTypes('Takes', requestBody.content)
      : []),
    ...Object.entries(responses).flatMap(([status, response]) =>
      mediaTypes(
        `${status}: ${'description' in response ? response.description : ''}`,
        'content' in response ? response.content : {},
      ),
    ),
  ];
  return html`<ul>
    ${lines}
  </ul>`;
};

const mediaTypes = (what: string, content: Readonly<Record<string, { schema?: unknown }>> = {}): Parts =>
  Object.entries(content).map(
    ([type, { schema }]) =>
      html`<li>${what} <code>${type}</code>${schema === undefined ? '' : html` <code>${shape(schema)}</code>`}</li>`,
  );

const shape = (schema: unknown): string =>
  JSON.stringify(schema).replaceAll(/\{"\$ref":"#\/components\/schemas\/(\w+)"\}/g, '$1');
