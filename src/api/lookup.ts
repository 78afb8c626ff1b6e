/** The newest verdict for many URLs at once. */
import { ForetasteError } from '../domain/error.ts';
import type { VerdictStore } from '../domain/ports.ts';
import type { Verdict } from '../domain/verdict.ts';

const MOST_URLS = 10_000;

/** URLs of a lookup, from JSON `{"urls":[...]}` or one a line. Throws ForetasteError `bad-request` naming the place. */
export function readUrls(type: string, text: string): string[] {
  const urls = type === 'application/json' ? urlsOfJson(text) : urlsOfLines(text);
  if (urls.length > MOST_URLS)
    throw new ForetasteError('bad-request', `Expected up to ${MOST_URLS} URLs but received ${urls.length}.`, {
      where: 'urls',
    });
  return urls;
}

function urlsOfJson(text: string): string[] {
  const content = parse(text, 'urls');
  const urls = isRecord(content) ? content['urls'] : undefined;
  if (!Array.isArray(urls))
    throw new ForetasteError('bad-request', 'Expected {"urls":[...]} but urls is not a list.', {
      where: 'urls',
    });
  return urls.map((url, place) => asUrl(url, `urls[${place}]`));
}

const urlsOfLines = (text: string): string[] =>
  text.split('\n').flatMap((line, place) => {
    if (line.trim() === '') return [];
    const where = `line ${place + 1}`;
    const content = parse(line, where);
    return [asUrl(isRecord(content) ? content['url'] : content, where)];
  });

function asUrl(given: unknown, where: string): string {
  if (typeof given === 'string' && /^https?:\/\//i.test(given)) return given.replace(/#.*$/s, '');
  throw new ForetasteError(
    'bad-request',
    `Expected an absolute http or https URL in ${where} but received ${JSON.stringify(given) ?? 'nothing'}.`,
    { where },
  );
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ForetasteError('bad-request', `Expected JSON in ${where} but it cannot be read.`, {
      where,
      cause,
    });
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/**
 * Verdicts stand under the URL as a crawler asked it. Who asks for `HTTP://Example.org` means the same resource as
 * `http://example.org/`, so both spellings are looked up and the newer one is told.
 */
export async function lookup(
  verdicts: VerdictStore,
  urls: readonly string[],
): Promise<Array<Verdict | null>> {
  const normal = urls.map((url) => URL.parse(url)?.href ?? url);
  const found = await verdicts.lookup([...urls, ...normal]);
  return urls.map((_url, place) => {
    const [asked, other] = [found[place], found[place + urls.length]];
    return newer(asked, other) ?? null;
  });
}

const newer = (a: Verdict | undefined, b: Verdict | undefined): Verdict | undefined =>
  a === undefined || (b !== undefined && b.log > a.log) ? b : a;
