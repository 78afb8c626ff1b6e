/** A client whose requests a real browser makes: what comes back is the document after its scripts have run. */
import type { Browser, Page, Response } from 'playwright-core';
import { type Fields, ForetasteError, field, type Milliseconds, type Signal } from '../domain/index.ts';
import { type Egress, startEgress } from './egress.ts';
import type { Patience } from './h1-connection.ts';
import type { Route } from './route.ts';
import { type Client, type Flow, givenUp, type Sink, type WireRequest } from './wire.ts';

/** After `load`, how long scripts may go on fetching before the document is taken as it is. */
const SETTLE: Milliseconds = 2_000;

/** What the browser has done with these by the time there is a document. */
const UNDONE = /^(?:content-encoding|content-length|transfer-encoding)$/i;

/** Nothing to hold back: content is there at once. */
const STILL: Flow = { pause() {}, resume() {}, abort() {} };

/** One browser for all requests of an identity, a context of its own for each: no cookie, cache or storage outlives a visit. */
export function createBrowserClient(options: {
  launch: () => Promise<Browser>;
  route: Route;
  patience: Patience;
}): Client {
  let running: Promise<{ browser: Browser; egress: Egress }> | undefined;
  const start = async (): Promise<{ browser: Browser; egress: Egress }> => {
    const egress = await startEgress(options.route, options.patience.connect);
    try {
      return { egress, browser: await options.launch() };
    } catch (error) {
      await egress.close();
      throw error;
    }
  };
  const ready = (): Promise<{ browser: Browser; egress: Egress }> => {
    running ??= start().catch((error: unknown) => {
      running = undefined;
      throw error;
    });
    return running;
  };

  const visit = async (request: WireRequest, sink: Sink, signal: Signal): Promise<void> => {
    const { browser, egress } = await ready();
    const context = await browser.newContext({
      // Chromium leaves loopback out of proxying unless it is told otherwise.
      proxy: { server: `socks5://127.0.0.1:${egress.port}`, bypass: '<-loopback>' },
      userAgent: nameOf(browser),
      locale: 'en-US',
      serviceWorkers: 'block',
      acceptDownloads: false,
    });
    const onAbort = (): void => void context.close().catch(() => {});
    signal.addEventListener('abort', onAbort);
    try {
      if (signal.aborted) throw givenUp(signal);
      const { target } = request;
      const url = `${target.secure ? 'https' : 'http'}://${target.authority}${target.path}`;
      const cookies = pairsIn(field(request.fields, 'cookie') ?? '');
      if (cookies.length > 0) await context.addCookies(cookies.map((cookie) => ({ ...cookie, url })));
      const referer = field(request.fields, 'referer');
      await navigate(await context.newPage(), { url, referer, timeout: options.patience.head }, sink);
    } finally {
      signal.removeEventListener('abort', onAbort);
      await context.close().catch(() => {});
    }
  };

  return {
    send(request, sink, signal) {
      visit(request, sink, signal).catch((error: unknown) => {
        sink.fail(signal.aborted ? givenUp(signal) : visitError(error));
      });
    },
    close() {
      void running?.then(async ({ browser, egress }) => {
        await browser.close();
        await egress.close();
      });
    },
  };
}

async function navigate(
  page: Page,
  { url, referer, timeout }: { url: string; referer: string | undefined; timeout: Milliseconds },
  sink: Sink,
): Promise<void> {
  const first = Promise.withResolvers<Response>();
  page.on('response', (response) => {
    if (response.request().isNavigationRequest() && response.frame() === page.mainFrame())
      first.resolve(response);
  });
  const loaded = page.goto(url, {
    timeout,
    waitUntil: 'load',
    ...(referer === undefined ? {} : { referer }),
  });
  loaded.catch(first.reject);
  const response = await first.promise;
  const fields = await fieldsOf(response);
  const redirect =
    response.status() >= 300 && response.status() < 400 && fields.some(([name]) => /^location$/i.test(name));
  const head = { status: response.status(), reason: response.statusText(), httpVersion: '1.1' } as const;
  if (redirect) {
    // References are never followed: where it points to is what is compared.
    loaded.catch(() => {});
    sink.begin({ ...head, fields }, STILL);
    sink.end([]);
    return;
  }
  await loaded;
  await page.waitForLoadState('networkidle', { timeout: SETTLE }).catch(() => {});
  const type = fields.find(([name]) => /^content-type$/i.test(name))?.[1] ?? '';
  const content = /html|xml/i.test(type) ? Buffer.from(await page.content()) : await response.body();
  sink.begin({ ...head, fields: fields.filter(([name]) => !UNDONE.test(name)) }, STILL);
  sink.data(content);
  sink.end([]);
}

const pairsIn = (cookies: string): Array<{ name: string; value: string }> =>
  cookies === ''
    ? []
    : cookies.split('; ').map((pair) => {
        const equals = pair.indexOf('=');
        return { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
      });

const fieldsOf = async (response: Response): Promise<Fields> =>
  (await response.headersArray()).map(({ name, value }) => [name, value] as const);

/** The user agent of the same Chromium with a window: a headless one names itself. */
const nameOf = (browser: Browser): string =>
  `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${browser.version().split('.')[0]}.0.0.0 Safari/537.36`;

function visitError(error: unknown): ForetasteError {
  if (error instanceof ForetasteError) return error;
  const text = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  const code = /ERR_CERT/.test(text)
    ? 'tls-certificate-error'
    : /ERR_SSL/.test(text)
      ? 'tls-protocol-error'
      : /Timeout/.test(text)
        ? 'connection-read-timeout'
        : 'connection-terminated';
  return new ForetasteError(code, `Expected the browser to show a document but received ${text}.`, {
    cause: error,
  });
}
