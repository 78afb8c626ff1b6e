import { describe, expect } from 'vitest';
import { html, lie } from '../origin/answer.ts';
import { type Asked, asks, type Selector } from '../origin/asked.ts';
import { article, render } from '../origin/pages.ts';
import { extraParagraph } from '../origin/payloads.ts';
import {
  everybody,
  firstAsk,
  fromAddress,
  fromNowhere,
  machines,
  outOfOrder,
  overHttp,
  robots,
  sometimes,
  without,
  withoutCookie,
} from '../origin/selectors.ts';
import { scenario } from '../scenario.ts';

const truth = render(article(3));
const lied = extraParagraph(truth);
const isCrawler: Selector = (asked: Asked) => asks(asked, 'user-agent').includes('ExampleBot');

describe('whoever the lie is told to by', () => {
  const told: Readonly<Record<string, Selector>> = {
    'the name of the crawler': isCrawler,
    'the name of any robot': robots,
    'not being a browser': machines,
    'a missing Accept-Language': without('accept-language'),
    'the order of fields': outOfOrder('accept', 'accept-encoding'),
    'the address it asks from': fromAddress('127.0.0.1'),
    'name and address together': (asked) => robots(asked) && fromAddress('127.0.0.1')(asked),
  };
  for (const [name, selector] of Object.entries(told)) {
    scenario(`${name}, is not given it`)
      .origin({ '/a': lie(selector, html(lied), html(truth)) })
      .ask('/a')
      .expect({ verdict: 'poisoned', action: 'block' });
  }

  // Browsers send fetch metadata over TLS only.
  for (const [name, selector] of Object.entries({
    'missing fetch metadata': without('sec-fetch-mode'),
    'HTTP/2 and its name': (asked: Asked) => overHttp('2')(asked) && robots(asked),
  })) {
    scenario(`${name} over TLS, is not given it`)
      .origin({ '/a': lie(selector, html(lied), html(truth)) })
      .ask('/a', { scheme: 'https' })
      .expect({ verdict: 'poisoned' });
  }
});

describe('a lie that is not always told', () => {
  for (const [name, selector] of Object.entries({
    'only to the very first request': firstAsk,
    'to every second request of robots': sometimes(0.5, robots),
  })) {
    scenario(`${name} never passes as clean`)
      .origin({ '/a': lie(selector, html(lied), html(truth)) })
      .ask('/a')
      .expect({
        also: ({ body, verdict }) => {
          if (body.toString() === lied) expect(verdict?.verdict).not.toBe('clean');
        },
      });
  }
});

describe('what everybody is told', () => {
  scenario('is the page, and passes')
    .origin({ '/a': lie(everybody, html(lied), html(truth)) })
    .ask('/a')
    .expect({ verdict: 'clean', body: lied });
});

describe('a lie to everybody who comes as no visitor does', () => {
  for (const scheme of ['http', 'https'] as const) {
    scenario(`is found over ${scheme} where people come by a link`)
      .origin({ '/a': lie(fromNowhere, html(lied), html(truth)) })
      .ask('/a', { scheme })
      .expect({ verdict: 'poisoned', action: 'block' });
  }

  const greeted = (markup: string) => {
    const page = html(markup);
    return { ...page, fields: { ...page.fields, 'Set-Cookie': 'visited=yes; Path=/; HttpOnly' } };
  };
  scenario('is found at a source under review where people come again with their cookies')
    .origin({
      '/robots': lie(robots, html(lied), html(truth)),
      '/a': lie(withoutCookie, greeted(lied), greeted(truth)),
    })
    .ask('/robots')
    .expect({ verdict: 'poisoned' })
    .ask('/a')
    .expect({ verdict: 'poisoned', action: 'block' });

  scenario('passes where the site gives nobody a cookie: nobody gets anything else')
    .origin({
      '/robots': lie(robots, html(lied), html(truth)),
      '/a': lie(withoutCookie, html(lied), html(truth)),
    })
    .ask('/robots')
    .ask('/a')
    .expect({ verdict: 'clean', body: lied });
});

describe('a lie told by how content is asked for', () => {
  for (const [field, value] of Object.entries({
    Range: 'bytes=0-99',
    'If-None-Match': '"an-old-tag"',
    'If-Modified-Since': 'Sat, 01 Nov 2025 00:00:00 GMT',
  })) {
    scenario(`to those who send ${field}, is never told: content is asked for whole`)
      .origin({ '/a': lie((asked) => asks(asked, field) !== '', html(lied), html(truth)) })
      .ask('/a', { fields: { [field]: value } })
      .expect({
        verdict: 'clean',
        asked: 2,
        also: ({ status, body }) => {
          expect(body.toString()).toBe(status === 206 ? truth.slice(0, 100) : truth);
        },
      });
  }
});
