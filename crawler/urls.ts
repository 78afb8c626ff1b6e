/** The list: URLs from the command line, or a file with one a line. */
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface Listed {
  readonly url: string;
  /** Where it stands, `urls.txt:12`. */
  readonly where: string;
}

/** Lines of a file, `-` for standard input; empty lines and comments (`#`) left out. */
export async function* linesOf(file: string, input: Readable): AsyncGenerator<Listed> {
  const handle = file === '-' ? undefined : await open(file);
  const lines = handle?.readLines() ?? createInterface({ input });
  let number = 0;
  try {
    for await (const line of lines) {
      number += 1;
      const url = line.trim();
      if (url !== '' && !url.startsWith('#')) yield { url, where: `${file}:${number}` };
    }
  } finally {
    await handle?.close();
  }
}

/** Those that are http or https URLs, without fragment; `refuse` is told of the others. */
export async function* checked(
  listed: AsyncIterable<Listed> | Iterable<Listed>,
  refuse: (message: string) => void,
): AsyncGenerator<string> {
  for await (const { url, where } of listed) {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
      refuse(`Expected an http or https URL but received ${JSON.stringify(url)} in ${where}.`);
      continue;
    }
    parsed.hash = '';
    yield parsed.href;
  }
}
