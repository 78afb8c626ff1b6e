/** Tell the format of a file by its content; names lie. */
import { ForetasteError } from '../../domain/index.ts';
import { shown } from '../digest.ts';
import type { FormatName } from './format.ts';
import { readContentHead } from './lines.ts';

const HEAD_BYTES = 64 * 1024;

/** Throws ForetasteError `import` where the content is none of the formats. */
export async function detectFormat(path: string, signal: AbortSignal): Promise<FormatName> {
  const head = await readContentHead(path, HEAD_BYTES, signal);
  const format = formatOf(head);
  if (format !== undefined) return format;
  const start = shown(JSON.stringify(head.toString('utf8', 0, 60)));
  throw new ForetasteError(
    'import',
    `Expected CDX, CDXJ, WARC, WACZ, Parquet, CSV, TSV or JSON Lines but ${path} begins with ${start}.`,
    {
      where: path,
    },
  );
}

/** `head`: the first octets of the content, inflated. An empty file is an empty list. */
export function formatOf(head: Buffer): FormatName | undefined {
  if (head.length === 0) return 'txt';
  const magic = head.toString('latin1', 0, 5);
  if (magic.startsWith('PAR1')) return 'parquet';
  if (magic === 'WARC/') return 'warc';
  if (magic.startsWith('PK\u0003\u0004')) return 'wacz';
  const text = head.toString('utf8').replace(/^\ufeff/, '');
  if (text.includes('\u0000')) return undefined;
  if (/^(.)CDX(\1[A-Za-z])+\s/.test(text) || /^\[\s*\[\s*"/.test(text)) return 'cdx';
  const lines = text.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('!'));
  const [first = ''] = lines;
  if (/^\S+ \d{4,17} \{/.test(first)) return 'cdxj';
  if (first.startsWith('{')) return 'jsonl';
  if (/^\S+ \d{14} \S+ \S+ (\d{3}|-) \S+/.test(first)) return 'cdx';
  const rows = lines.filter((line) => !line.startsWith('#') || line.includes('\t'));
  if ((rows[0] ?? '').includes('\t')) return 'tsv';
  if (/^https?:\/\/\S+$/i.test(first.trim()) && !/,\S*[0-9a-f]{32}|","/i.test(first)) return 'txt';
  if (/[,"]/.test(first) || /^(url|image_url|img_url|link|uri)$/i.test(first.trim())) return 'csv';
  return undefined;
}
