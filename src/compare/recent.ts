/** Remember what a function of one text gave for the latest texts: the views of one exchange hold the same ones again and again. */

/** Texts of one generation; two are kept. A page has some hundred links and pictures. */
const GENERATION = 2000;
/** Characters beyond which a text is not kept: what is remembered stays under some megabytes. */
const LONGEST = 300;

/** `of` has to be pure. */
export function remembered(of: (text: string) => string): (text: string) => string {
  let [young, old] = [new Map<string, string>(), new Map<string, string>()];
  return (text) => {
    if (text.length > LONGEST) return of(text);
    const known = young.get(text);
    if (known !== undefined) return known;
    const value = old.get(text) ?? of(text);
    if (young.size >= GENERATION) [young, old] = [new Map(), young];
    young.set(text, value);
    return value;
  };
}
