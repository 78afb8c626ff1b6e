/** Content of a page in channels, as every page-like form is brought to. */
import type { PageView } from '../domain/index.ts';

export type PageContent = Pick<
  PageView,
  'title' | 'language' | 'blocks' | 'hidden' | 'links' | 'images' | 'code' | 'data'
>;

export const EMPTY_CONTENT: PageContent = {
  title: '',
  language: '',
  blocks: [],
  hidden: [],
  links: [],
  images: [],
  code: [],
  data: [],
};

/** White space folded to single spaces, as a browser shows it. */
export const fold = (text: string): string => text.replace(/[\s\u00a0\u2028\u2029]+/g, ' ').trim();
