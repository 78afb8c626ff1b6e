/** Names of fields as they are spelt: what each is in lower case, and whether it is one at all. Each spelling is looked at once. */

export interface FieldName {
  readonly lower: string;
  /** RFC 9110, section 5.6.2. */
  readonly isToken: boolean;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** A crawl meets a few hundred spellings; who sends new ones in every request gets no more of the memory than this. */
const MOST_KNOWN = 4_096;
const LONGEST_KNOWN = 64;

const known = new Map<string, FieldName>();

export function fieldName(spelling: string): FieldName {
  const found = known.get(spelling);
  if (found !== undefined) return found;
  const name = { lower: spelling.toLowerCase(), isToken: TOKEN.test(spelling) };
  if (spelling.length <= LONGEST_KNOWN) {
    if (known.size >= MOST_KNOWN) known.clear();
    // A copy: what was cut out of a head keeps all of that head in memory.
    known.set(Buffer.from(spelling, 'latin1').toString('latin1'), name);
  }
  return name;
}

export const lowerName = (spelling: string): string => fieldName(spelling).lower;
