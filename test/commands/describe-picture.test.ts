/** What a reader is told of a picture: every outcome with its numbers. */
import { describe, expect, it } from 'vitest';
import { describePicture } from '../../src/commands/describe-picture.ts';
import type { PictureReport } from '../../src/domain/index.ts';

const snapshot = { snapshot: { status: 'similar', dataset: 'a', date: null } } as const;
const report: PictureReport = {
  format: 'jpeg',
  width: 640,
  height: 480,
  encoding: { lossless: false, quality: 85, chroma: '4:2:0', frames: 1 },
  resampling: { factor: 1, strength: 0 },
  perturbation: {
    outcome: 'perturbed',
    score: 4.2,
    probability: 0.97,
    threshold: 3.1,
    falseAlarms: { rate: 0.0004, upper: 0.0012, pictures: 5102 },
    carrier: 'jpeg 80 to 89 subsampled',
    model: 'image/perturbed@1',
  },
};

describe('a picture, described', () => {
  it('has carrier, ladder, score, threshold and false alarms', () => {
    expect(describePicture(report, snapshot)).toEqual([
      'jpeg 640 x 480, quality 85, 4:2:0',
      'against its record: similar',
      'by itself: perturbed, score 4.2 of 3.1, probability 0.97; false alarms at that threshold 0.04 %, at most 0.12 %, over 5102 pictures (jpeg 80 to 89 subsampled), image/perturbed@1',
    ]);
  });

  it('says what cannot be told, and why nothing was screened', () => {
    const lines = (perturbation: PictureReport['perturbation']) =>
      describePicture({ ...report, perturbation }, snapshot)[2];
    expect(lines({ outcome: 'cannot-tell', reason: 'It has less than 128 pixels a side.' })).toBe(
      'by itself: cannot tell: It has less than 128 pixels a side.',
    );
    expect(lines({ outcome: 'not-screened', reason: 'no weights' })).toBe(
      'by itself: not screened: no weights',
    );
  });

  it('has the pair and the plug-ins where there are any', () => {
    const more = describePicture(
      {
        ...report,
        pair: {
          against: 'plain@direct',
          outcome: 'altered',
          logOdds: 5,
          threshold: 3.7,
          altered: 'crawler@direct',
        },
        plugins: [
          { name: 'own', mode: 'shadow', score: 1, probability: 0.9, model: 'm', version: '2' },
          { name: 'far', mode: 'vote', error: 'none came' },
        ],
      },
      snapshot,
    );
    expect(more.slice(3)).toEqual([
      'beside plain@direct: the copy of crawler@direct is altered, log odds 5 of 3.7',
      'plug-in own (shadow): probability 0.900 by m 2',
      'plug-in far (vote): none came',
    ]);
  });
});
