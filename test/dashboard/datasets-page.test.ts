import { describe, expect, it } from 'vitest';
import { datasetsPage } from '../../src/dashboard/datasets-page.ts';
import { liveParts } from './inert.ts';

const standing = {
  dataset: '<script>alert(1)</script>',
  records: 12_800,
  skipped: 3,
  checked: { matched: 6, mismatched: 54 },
  suspicions: ['54 of 60 records that were checked disagree with what their URLs serve'],
};

describe('the page of datasets', () => {
  it('shows what is held, how it fared and what speaks against it, and is inert whatever a dataset is called', () => {
    const page = String(datasetsPage([standing]));
    for (const shown of ['12,800', '>60<', '>54<', '90 %', standing.suspicions[0] ?? ''])
      expect(page).toContain(shown);
    expect(liveParts(page)).toEqual([]);
  });

  it('says how to import where there is none', () => {
    expect(String(datasetsPage([]))).toContain('snapshot import');
  });
});
