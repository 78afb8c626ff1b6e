/** Which column of a table says what: by the user's word, by the names that datasets use, or by the values. */
import type { DigestAlgorithm, DigestScope, PerceptualAlgorithm } from '../../domain/index.ts';
import { ForetasteError } from '../../domain/index.ts';
import { parseDigest, shown } from '../digest.ts';
import type { ReadOptions } from './format.ts';

export interface DigestColumn {
  readonly column: string;
  /** Undefined: each value says by its prefix or its length which it is. */
  readonly alg: DigestAlgorithm | undefined;
  readonly scope: DigestScope;
}

/** The columns of one table that a record is made of. */
export interface Columns {
  readonly url: string;
  readonly digests: readonly DigestColumn[];
  readonly perceptual: ReadonlyArray<{ readonly column: string; readonly alg: PerceptualAlgorithm }>;
  readonly label?: string;
  readonly date?: string;
  readonly status?: string;
  readonly dataset?: string;
  readonly note?: string;
  /** Holds the page's own text. */
  readonly extract?: string;
  /** Holds why the content broke off, where it did (Common Crawl). */
  readonly truncated?: string;
  /** Columns that hold the whole lists of the shape that `snapshot lookup` prints. */
  readonly lists: { readonly digests?: string; readonly perceptual?: string };
}

const FIELDS = [
  'url',
  'md5',
  'sha1',
  'sha256',
  'sha512',
  'digest',
  'pdq',
  'phash',
  'label',
  'date',
  'status',
  'dataset',
  'note',
] as const;
type Field = (typeof FIELDS)[number];

/** Column names seen in datasets and tools, most telling first; compared in lower case without `-` and `_`. */
const NAMES: Readonly<Record<Field, readonly string[]>> = {
  url: [
    'url',
    'imageurl',
    'imgurl',
    'image',
    'link',
    'uri',
    'href',
    'targeturi',
    'warctargeturi',
    'pageurl',
    'documenturl',
    'original',
    'src',
  ],
  md5: ['md5', 'md5sum', 'md5hash', 'imagemd5'],
  sha1: ['sha1', 'sha1sum', 'sha1hash', 'imagesha1'],
  sha256: ['sha256', 'sha256sum', 'sha256hash', 'imagesha256'],
  sha512: ['sha512', 'sha512sum', 'sha512hash', 'imagesha512'],
  digest: ['digest', 'contentdigest', 'payloaddigest', 'warcpayloaddigest', 'checksum', 'hash', 'hashcode'],
  pdq: ['pdq', 'pdqhash', 'imagepdq'],
  phash: ['phash', 'imagephash', 'imagehash', 'perceptualhash'],
  label: [
    'label',
    'caption',
    'text',
    'txt',
    'alt',
    'alttext',
    'title',
    'topcaption',
    'description',
    'name',
    'person',
  ],
  date: [
    'date',
    'timestamp',
    'fetchtime',
    'capturedat',
    'datedownload',
    'warcdate',
    'crawldate',
    'fetchedat',
  ],
  status: ['httpstatus', 'fetchstatus', 'statuscode', 'status'],
  dataset: ['dataset'],
  note: ['note'],
};

/** What the user has said of a table, and whether the texts of pages are wanted. */
export type Reading = Pick<ReadOptions, 'columns' | 'texts'>;

const plain = (name: string): string => name.toLowerCase().replace(/[-_ ]/g, '');

/**
 * Find the columns of a table by its header. What the user said (field -> column) wins.
 * Throws ForetasteError `import` for a column that does not exist, and where no column holds URLs.
 */
export function findColumns(header: readonly string[], reading: Reading, where: string): Columns {
  for (const [field, column] of Object.entries(reading.columns)) {
    if (!header.includes(column))
      throw new ForetasteError(
        'import',
        `Expected a column "${column}" for ${field} but found ${header.slice(0, 20).map(shown).join(', ')} in ${where}.`,
        { where },
      );
  }
  const columns = columnsOf(header, reading);
  if (columns === undefined)
    throw new ForetasteError(
      'import',
      `Expected a column of URLs (name it with --column url=NAME) but found ${header.slice(0, 20).map(shown).join(', ')} in ${where}.`,
      {
        where,
      },
    );
  return columns;
}

/** Throws ForetasteError `usage` where a column is named for a field that there is not. */
export function checkAsked(asked: Readonly<Record<string, string>>): void {
  for (const field of Object.keys(asked)) {
    if (!FIELDS.includes(field as Field))
      throw new ForetasteError(
        'usage',
        `Expected --column FIELD=NAME with a field of ${FIELDS.join(', ')} but received "${field}".`,
      );
  }
}

/** As findColumns, for one object whose keys may lack what others have. `undefined`: no URL. */
export function columnsOf(
  header: readonly string[],
  { columns: wanted, texts }: Reading,
): Columns | undefined {
  const asked = Object.fromEntries(Object.entries(wanted).filter(([, column]) => header.includes(column)));
  const taken = new Set(Object.values(asked));
  const find = (field: Field): string | undefined => {
    if (asked[field] !== undefined) return asked[field];
    const found = NAMES[field].flatMap((name) =>
      header.filter((column) => plain(column) === name && !taken.has(column)),
    )[0];
    return found;
  };
  const url = find('url');
  if (url === undefined) return undefined;
  const names = new Set(header.map(plain));
  const digests = (['md5', 'sha1', 'sha256', 'sha512'] as const).flatMap((alg): DigestColumn[] => {
    const column = find(alg);
    return column === undefined ? [] : [{ column, alg, scope: 'entity' }];
  });
  const list = header.find((column) => plain(column) === 'digests');
  const any = list === undefined ? find('digest') : undefined;
  if (any !== undefined) digests.push({ column: any, alg: undefined, scope: scopeOf(names, any) });
  const document =
    names.has('text') &&
    (names.has('dump') || names.has('rawcontent') || names.has('timestamp') || names.has('filepath'));
  return {
    url,
    digests,
    perceptual: (['pdq', 'phash'] as const).flatMap((alg) => {
      const column = find(alg);
      return column === undefined ? [] : [{ column, alg }];
    }),
    // In a page corpus (C4, FineWeb) `text` is the page itself and not what someone said of it.
    label: document && asked['label'] === undefined ? undefined : find('label'),
    date: find('date'),
    status: find('status'),
    dataset: find('dataset'),
    note: find('note'),
    extract: texts && document ? header.find((column) => plain(column) === 'text') : undefined,
    truncated: header.find((column) => plain(column) === 'contenttruncated'),
    lists: { digests: list, perceptual: header.find((column) => plain(column) === 'perceptual') },
  };
}

/** Common Crawl digests the decoded body; RedPajama and CCNet the extracted text; others do not say. */
function scopeOf(names: ReadonlySet<string>, column: string): DigestScope {
  if (names.has('warcfilename') && plain(column) === 'contentdigest') return 'decoded';
  if (names.has('rawcontent') || names.has('datedownload') || names.has('ccsegment')) return 'text';
  return 'unknown';
}

/**
 * Columns of a table without a header, from its first rows: the one that holds URLs, those that hold digests, and the one
 * other text column as label. `undefined`: no column holds URLs.
 */
export function guessColumns(
  rows: ReadonlyArray<readonly string[]>,
): { header: string[]; columns: Columns } | undefined {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const header = Array.from({ length: width }, (_, at) => String(at + 1));
  const values = (at: number): string[] => rows.map((row) => row[at] ?? '').filter((value) => value !== '');
  const all = (at: number, test: (value: string) => boolean): boolean =>
    values(at).length > 0 && values(at).every(test);
  const urlAt = header.findIndex((_, at) => all(at, (value) => /^https?:\/\//i.test(value)));
  if (urlAt < 0) return undefined;
  const digests: DigestColumn[] = [];
  let label: string | undefined;
  for (const [at, column] of header.entries()) {
    if (at === urlAt) continue;
    const parsed = values(at).map((value) => parseDigest(value));
    const [first] = parsed;
    if (
      first !== undefined &&
      'alg' in first &&
      parsed.every((digest) => 'alg' in digest && digest.alg === first.alg)
    )
      digests.push({ column, alg: first.alg, scope: 'entity' });
    else if (all(at, (value) => /\p{L}{2}/u.test(value))) label ??= column;
  }
  const url = header[urlAt] ?? '1';
  return { header, columns: { url, digests, perceptual: [], label, lists: {} } };
}
