/** The description of the API: OpenAPI 3.1 for programs, a page for people. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { Hono } from 'hono';
import type { ApiEnv } from '../auth.ts';
import { docsPage, STYLES } from '../docs.ts';

const POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

export function docsRoutes(app: OpenAPIHono<ApiEnv>, version: string): Hono<ApiEnv> {
  const describe = () =>
    app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'Foretaste',
        version,
        description: 'A guard proxy that judges what dataset crawlers download.',
        license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      },
      servers: [{ url: '/' }],
      security: [{}, { token: [] }],
    });
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  return new Hono<ApiEnv>()
    .get('/openapi.json', (c) => c.json(describe()))
    .get('/docs', (c) => c.html(docsPage(describe()), 200, { 'Content-Security-Policy': POLICY }))
    .get('/docs.css', (c) => c.body(STYLES, 200, { 'Content-Type': 'text/css; charset=utf-8' }));
}
