/** Two pictures: split, swipe, onion, heat. Only ever PNG that was re-encoded when it was stored. */
import type { Verdict } from '../domain/index.ts';
import type { Panel } from './compare-panel.ts';
import type { Evidence } from './evidence.ts';
import { type Html, html } from './html.ts';
import { type Key, keyed } from './keys.ts';
import { verdictPath } from './parts.ts';

const MODES: ReadonlyArray<{ readonly mode: string; readonly name: string; readonly key: Key }> = [
  { mode: 'split', name: 'Split', key: 's' },
  { mode: 'swipe', name: 'Swipe', key: 'w' },
  { mode: 'onion', name: 'Onion', key: 'o' },
  { mode: 'heat', name: 'Heat', key: 'h' },
];

const previewPath = (id: string, sha256: string): string => `${verdictPath(id)}/pictures/${sha256}.png`;

/** The picture with what speaks for a perturbation laid over it, where it was judged by itself; drawn when it is opened. */
const evidenceMap = ({ id, picture }: Verdict, sha256: string): Html => {
  const judged = picture?.perturbation;
  if (judged === undefined || judged.outcome === 'not-screened' || judged.score === undefined) return html``;
  const path = previewPath(id, sha256);
  return html`<details class="evidence-map"><summary>Where the evidence of a perturbation lies (${judged.outcome}, score ${judged.atMost ? 'at most ' : ''}${judged.score}${judged.probability === undefined ? '' : `, probability ${judged.probability}`})</summary>
  <figure><img src="${path}" alt="What the crawler got" loading="lazy"><img class="heat" src="${path.replace(/\.png$/, '.heat.png')}" alt="Red where it speaks for one, blue where against" loading="lazy"></figure></details>`;
};

export const pictureStage = ({
  verdict,
  evidence,
  panel,
  previews,
}: {
  readonly verdict: Verdict;
  readonly evidence: Evidence;
  readonly panel: Panel;
  readonly previews: boolean;
}): Html => {
  if (!verdict.mediaType.startsWith('image/')) return html``;
  const own = evidence.own?.record.sha256 ?? null;
  if (!previews || own === null) {
    return html`<p class="meta">This picture can be had as an inert download only; no re-encoded copy of it is held.</p>`;
  }
  const other = panel.against?.record.sha256 ?? null;
  const image = (sha256: string, name: string, className: string): Html =>
    html`<figure class="${className}"><img src="${previewPath(verdict.id, sha256)}" alt="${name}" draggable="false"><figcaption>${name}</figcaption></figure>`;
  return html`
<section class="stage" data-stage data-shows="split" aria-label="Pictures">
  <div class="modes" role="group" aria-label="How to compare">${MODES.map(
    ({ mode, name, key }) =>
      html`<button type="button" data-mode="${mode}" aria-pressed="${mode === 'split' ? 'true' : 'false'}"${keyed(key)}>${name}</button>`,
  )}<label class="natural"><input type="checkbox"> 1:1</label><label class="place">Place <input type="range" min="0" max="100" value="50"></label></div>
  <div class="pictures">
    ${image(own, 'What the crawler got', 'mine')}
    ${other === null ? '' : image(other, `What ${panel.against?.name} saw`, 'theirs')}
  </div>
  ${evidenceMap(verdict, own)}
</section>`;
};
