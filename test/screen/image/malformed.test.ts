/** One finding says all that is irregular about a picture file. */
import { describe, expect, it } from 'vitest';
import { malformedImage } from '../../../src/screen/image/malformed.ts';

const view = (...irregularities: string[]) => ({
  irregularities,
  format: 'jpeg',
  identity: 'crawler@direct' as const,
});

describe('malformed pictures', () => {
  it('a sound file has no finding', () => {
    expect(malformedImage(view())).toEqual([]);
  });

  it('the worst irregularity gives score and severity, the sentence names all', () => {
    const [finding] = malformedImage(
      view('media-type: declared image/png, contents are jpeg', 'polyglot: also a ZIP archive'),
    );
    expect(finding).toMatchObject({ kind: 'image.malformed', severity: 'high', score: 0.9 });
    expect(finding?.summary).toContain('declared image/png, contents are jpeg; polyglot: also a ZIP archive');
  });

  it.each([
    ['media-type: x', 'info'],
    ['appendix: x', 'info'],
    ['cut-end: x', 'low'],
    ['damaged: x', 'low'],
    ['trailing-data: x', 'medium'],
    ['polyglot: x', 'high'],
    ['never-heard-of: x', 'low'],
  ])('%s is %s', (irregularity, severity) => {
    expect(malformedImage(view(irregularity))[0]?.severity).toBe(severity);
  });
});
