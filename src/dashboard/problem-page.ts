/** What stands in place of a page that cannot be shown. */
import { type Html, html, spell } from './html.ts';
import { page } from './layout.ts';

export const problemPage = (message: string, advice: string): Html =>
  page({
    title: 'Not here',
    here: 'none',
    main: html`<div class="empty"><h1>${spell(message)}</h1><p>${advice}</p><p><a href="/">To the review queue</a></p></div>`,
  });
