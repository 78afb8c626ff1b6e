/** `/verdicts/{id}`: the reason first, then what it rests on, then the decision. */
import type { Verdict, ViewSummary } from '../domain/index.ts';
import { comparePanel, type Panel } from './compare-panel.ts';
import { type DecisionView, decisionCard } from './decision.ts';
import type { Evidence } from './evidence.ts';
import { ownSummary } from './evidence.ts';
import { findingItem } from './finding-item.ts';
import { ago, count, score, short, size } from './format.ts';
import { clip, type Html, html, spell } from './html.ts';
import { keyed } from './keys.ts';
import { page } from './layout.ts';
import type { Done } from './load.ts';
import { strongestFirst } from './match.ts';
import { keyHint, queuePath, reasonOf, sourcePath, verdictBadge } from './parts.ts';
import { pictureStage } from './pictures.ts';
import { undoBar } from './undo.ts';

export interface VerdictView extends DecisionView {
  readonly evidence: Evidence;
  readonly panel: Panel;
  /** Where the verdict's group stands in the queue one came from, counted from 1. */
  readonly place: { readonly at: number; readonly of: number } | undefined;
  readonly previous: string | undefined;
  readonly next: string | undefined;
  /** What was decided a moment ago, to be taken back. */
  readonly done: Done | undefined;
  /** Whether stored pictures can be shown as re-encoded PNG. */
  readonly previews: boolean;
  readonly link: (name: 'tab' | 'against', value: string) => string;
}

/** Longest sentence that stands at the top whole. */
const LONGEST_REASON = 400;

const fact = (name: string, value: Html | string): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

const snapshotFact = ({ snapshot: { status, dataset, date } }: Verdict): string =>
  [status, dataset ?? '', date?.slice(0, 10) ?? ''].filter((part) => part !== '').join(', ');

const facts = (verdict: Verdict, now: number): Html => html`
<dl class="facts">
  ${fact('Verdict', verdictBadge(verdict.verdict))}
  ${fact('Action', verdict.action)}
  ${fact('Probability of poison', score(verdict.score))}
  ${fact('Quorum', html`<span title="References that corroborated, of those that could be used">${verdict.quorum}</span>`)}
  ${fact('Answer', `${verdict.status ?? 'none'} ${verdict.mediaType}, ${size(verdict.bytes)}`)}
  ${fact('Snapshot', snapshotFact(verdict))}
  ${fact('Decided', ago(verdict.decidedAt, now))}
  ${fact('Rules', html`<code title="${verdict.rules}">${short(verdict.rules.replace(/^sha256:/, ''))}</code>`)}
  ${fact('Log', `№ ${count(verdict.log)}`)}
</dl>`;

const identity = (summary: ViewSummary, own: ViewSummary | undefined): Html => {
  const same = own?.sha256 !== null && summary.sha256 === own?.sha256;
  return html`
<tr class="e-${summary.evidence}"${summary === own ? html` data-own` : ''}>
  <th scope="row">${summary.identity}${summary === own ? html` <span class="meta">the crawler</span>` : summary.identity === own?.identity ? html` <span class="meta">asked again</span>` : ''}</th>
  <td class="num">${summary.status ?? 'none'}</td>
  <td class="num">${summary.bytes === null ? 'none' : size(summary.bytes)}</td>
  <td><span class="ev">${summary.evidence}</span></td>
  <td class="num">${count(Math.round(summary.ms))} ms</td>
  <td><code title="${summary.sha256 ?? ''}">${summary.sha256 === null ? 'none' : short(summary.sha256)}</code>${summary !== own && same ? html` <span class="meta">equal</span>` : ''}</td>
</tr>`;
};

const identities = (verdict: Verdict): Html => {
  const own = ownSummary(verdict);
  return html`
<div class="scroll"><table class="identities">
  <caption>Who was asked</caption>
  <thead><tr><th scope="col">Identity</th><th scope="col" class="num">Status</th><th scope="col" class="num">Size</th><th scope="col">Evidence</th><th scope="col" class="num">Time</th><th scope="col">SHA-256</th></tr></thead>
  <tbody>${verdict.views.map((summary) => identity(summary, own))}</tbody>
</table></div>`;
};

const steps = ({ place, previous, next, from, q }: VerdictView): Html => html`
<nav class="steps" aria-label="Queue">
  <a href="${queuePath(from, q)}">Queue</a>
  <span class="gap"></span>
  ${place === undefined ? '' : html`<span class="meta">${count(place.at)} of ${count(place.of)}</span>`}
  ${previous === undefined ? '' : html`<a href="${previous}" rel="prev"${keyed('[')}>Previous${keyHint('[')}</a>`}
  ${next === undefined ? '' : html`<a href="${next}" rel="next"${keyed(']')}>Next${keyHint(']')}</a>`}
</nav>`;

export const verdictPage = (view: VerdictView): Html => {
  const { verdict, now, group } = view;
  const strongest = strongestFirst(verdict.findings);
  const reason = reasonOf(verdict, strongest[0]?.summary);
  const same =
    group.fingerprint === undefined ? undefined : queuePath(group.state, `fingerprint:${group.fingerprint}`);
  return page({
    title: `${verdict.verdict} ${verdict.source}`,
    here: 'verdict',
    filter: { value: view.q, action: '/' },
    main: html`
${steps(view)}
${undoBar(view.done, now, view.decides)}
<article class="verdict">
  <div class="lead">
    <h1 class="v-${verdict.verdict}">${spell(clip(reason, LONGEST_REASON))}</h1>
    <p class="url"><a href="${sourcePath(verdict.source)}" title="The source">${spell(verdict.source)}</a> <span>${spell(clip(verdict.url, 400))}</span></p>
    ${facts(verdict, now)}
    ${
      strongest.length === 0
        ? ''
        : html`<ul class="findings">${strongest.map((one, place) =>
            findingItem(one, {
              told: place === 0 && one.summary.length <= LONGEST_REASON,
              open: view.evidence.own === undefined,
            }),
          )}</ul>`
    }
    ${same === undefined ? '' : html`<p class="meta"><a href="${same}"${keyed('g')}>All verdicts with this divergence${keyHint('g')}</a> <code>${group.fingerprint}</code></p>`}
    ${verdict.views.length === 0 ? '' : identities(verdict)}
  </div>
  ${decisionCard(view)}
</article>
${pictureStage(view)}
${comparePanel(verdict, view.evidence, view.panel, view.link)}`,
  });
};
