import { describe } from 'vitest';
import { html, json, lie, redirect } from '../origin/answer.ts';
import { article, render } from '../origin/pages.ts';
import {
  changedNumbers,
  extraParagraph,
  hiddenOrder,
  lostNegation,
  type Payload,
  spamLinks,
} from '../origin/payloads.ts';
import { robots } from '../origin/selectors.ts';
import { scenario } from '../scenario.ts';

const truth = render(article(1));
const toRobots = (payload: Payload) => ({ '/a': lie(robots, html(payload(truth)), html(truth)) });

describe('split views', () => {
  scenario('robots are given an extra paragraph')
    .origin(toRobots(extraParagraph))
    .ask('/a')
    .expect({
      verdict: 'poisoned',
      action: 'block',
      status: 410,
      quorum: /^0\//,
      kinds: ['split-view.text'],
    });

  scenario('robots are given other numbers')
    .origin(toRobots(changedNumbers))
    .ask('/a')
    .expect({ verdict: 'poisoned', quorum: /^0\//, kinds: ['split-view.text'] });

  scenario('robots read the opposite of one sentence')
    .origin(toRobots(lostNegation))
    .ask('/a')
    .expect({ verdict: 'poisoned', quorum: /^0\// });

  scenario('robots are given an order to models that nobody sees')
    .origin(toRobots(hiddenOrder))
    .ask('/a')
    .expect({ verdict: 'poisoned', quorum: /^0\//, kinds: ['split-view.hidden', 'text.injection'] });

  scenario('robots are given links to a shop')
    .origin(toRobots(spamLinks))
    .ask('/a')
    .expect({ verdict: 'poisoned', quorum: /^0\//, kinds: ['split-view.link'] });

  scenario('robots are sent elsewhere')
    .origin({ '/a': lie(robots, redirect('http://elsewhere.example.net/a'), html(truth)) })
    .ask('/a')
    .expect({ verdict: 'poisoned', status: 410, kinds: ['split-view.redirect'] });

  scenario('robots are given another value in JSON')
    .origin({ '/a': lie(robots, json({ name: 'harbour', depth: 90 }), json({ name: 'harbour', depth: 9 })) })
    .ask('/a')
    .expect({ verdict: 'poisoned', kinds: ['split-view.data'] });

  scenario('the lie is told over TLS')
    .origin(toRobots(extraParagraph))
    .ask('/a', { scheme: 'https' })
    .expect({ verdict: 'poisoned', action: 'block', quorum: /^0\// });
});
