/** `/datasets`: what is recorded, how it fared when it was checked, and what speaks against it. */
import type { DatasetStanding } from '../domain/index.ts';
import { count, counted, percent } from './format.ts';
import { type Html, html, spell } from './html.ts';
import { page } from './layout.ts';

const row = ({ dataset, records, skipped, checked, suspicions }: DatasetStanding): Html => {
  const seen = checked.matched + checked.mismatched;
  return html`
<tr data-row>
  <th scope="row">${spell(dataset)}</th>
  <td class="num">${count(records)}</td>
  <td class="num">${count(skipped)}</td>
  <td class="num">${count(seen)}</td>
  <td class="num">${count(checked.matched)}</td>
  <td class="num">${count(checked.mismatched)}</td>
  <td class="num">${seen === 0 ? 'none' : percent(checked.mismatched / seen)}</td>
  <td>${suspicions.map((suspicion) => html`<p>${spell(suspicion)}</p>`)}</td>
</tr>`;
};

export const datasetsPage = (datasets: readonly DatasetStanding[]): Html =>
  page({
    title: 'Datasets',
    here: 'datasets',
    main: html`
<h1>Datasets</h1>
${
  datasets.length === 0
    ? html`<p>No snapshot records yet. Import what a dataset or an archive recorded: <code>npm run -s foretaste -- snapshot import FILE... --dataset NAME</code></p>`
    : html`
<p>${counted(datasets.length, 'dataset')}. Checked are records whose URL was fetched and whose digest or hash can be compared.</p>
<div class="scroll"><table class="sources">
  <thead><tr><th scope="col">Dataset</th><th scope="col" class="num">Records</th><th scope="col" class="num">Skipped</th><th scope="col" class="num">Checked</th><th scope="col" class="num">Agree</th><th scope="col" class="num">Changed</th><th scope="col" class="num">Share changed</th><th scope="col">Why its records are suspect</th></tr></thead>
  <tbody>${datasets.map(row)}</tbody>
</table></div>`
}`,
  });
