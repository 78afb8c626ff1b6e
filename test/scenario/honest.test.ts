import { createHash } from 'node:crypto';
import { describe, expect } from 'vitest';
import { challenge, forbidden, html, lie, softNotFound, tooMany, unavailable } from '../origin/answer.ts';
import { CHURN, living } from '../origin/benign.ts';
import { article, render } from '../origin/pages.ts';
import { ORDER } from '../origin/payloads.ts';
import { chance } from '../origin/pictures.ts';
import { browsersAndTools } from '../origin/selectors.ts';
import { scenario } from '../scenario.ts';

const markup = render(article(1));
const draw = chance(7);

describe('honest pages', () => {
  scenario('a still page passes as clean, octet by octet')
    .origin({ '/a': () => html(markup) })
    .ask('/a')
    .expect({ verdict: 'clean', action: 'pass', status: 200, body: markup, silent: true });

  scenario('a still page over TLS and HTTP/2 passes as clean')
    .origin({ '/a': () => html(markup) })
    .ask('/a', { scheme: 'https' })
    .expect({ verdict: 'clean', body: markup });

  for (const [name, churn] of Object.entries(CHURN)) {
    scenario(`a page with ${name} passes as clean`)
      .origin({ '/a': () => html(churn(markup, draw)) })
      .ask('/a')
      .expect({ verdict: 'clean', action: 'pass' });
  }

  scenario('a page on which everything lives at once passes as clean')
    .origin({ '/a': () => html(living(markup, draw)) })
    .ask('/a')
    .expect({ verdict: 'clean', action: 'pass' });

  scenario('a hidden order that everybody gets is poison all the same')
    .origin({ '/a': () => html(markup.replace('<footer>', `<p style="font-size:0">${ORDER}</p><footer>`)) })
    .ask('/a')
    .expect({ verdict: 'poisoned', kinds: ['text.injection'] });
});

describe('references that give no evidence', () => {
  for (const [name, answer] of Object.entries({
    'a challenge': challenge,
    'a refusal': forbidden,
    'too many requests': tooMany,
    'an overload': unavailable,
    'a soft 404': softNotFound,
  })) {
    scenario(`${name} neither accuses nor corroborates`)
      .origin({ '/a': lie(browsersAndTools, answer(), html(markup)) })
      .ask('/a')
      .expect({ verdict: 'unverified', action: 'pass', quorum: '0/0', body: markup });
  }
});

describe('snapshot records', () => {
  scenario('a page that is as recorded is clean without a reference')
    .origin({ '/a': () => html(markup) })
    .records(({ urls }) => [
      { url: `${urls.http()}/a`, sha256: createHash('sha256').update(markup).digest('hex') },
    ])
    .settings({ audit: { rate: 0, floor: 0 } })
    .ask('/a')
    .expect({ verdict: 'clean', snapshot: 'same', asked: 1 });

  scenario('a page that is not as recorded is not refused for that alone')
    .origin({ '/a': () => html(markup) })
    .records(({ urls }) => [
      { url: `${urls.http()}/a`, sha256: createHash('sha256').update('another page').digest('hex') },
    ])
    .ask('/a')
    .expect({ action: 'pass', snapshot: 'changed' });
});

describe('the guard', () => {
  scenario('in observe mode the lie is delivered and the verdict follows')
    .origin({
      '/a': lie(
        (asked) => !browsersAndTools(asked),
        html(markup.replaceAll('regret', 'enjoy')),
        html(markup),
      ),
    })
    .settings({ mode: 'observe' })
    .ask('/a')
    .expect({
      status: 200,
      verdict: 'poisoned',
      body: markup.replaceAll('regret', 'enjoy'),
      also: ({ fields }) => expect(fields['foretaste-verdict']).toMatch(/^pending/),
    });

  scenario('a private destination is refused and never asked')
    .origin({ '/a': () => html(markup) })
    .settings({ destinations: { allow: [] } })
    .ask('/a')
    .expect({
      status: 403,
      asked: 0,
      also: ({ fields }) => expect(fields['proxy-status']).toContain('destination_ip_prohibited'),
    });
});
