/** Irregular picture files: second formats inside, data after the end, cut ends, damage, another type than declared. */
import type { Finding, ImageView, Severity } from '../../domain/index.ts';

interface Meaning {
  readonly severity: Severity;
  readonly score: number;
  readonly why: string;
}

/**
 * By class of irregularity, as src/view/image-oddities.ts names them. None stands on any of 590 clean pictures
 * (`npm run bench -- image`); scores are low where honest servers and cameras are known to do the same.
 */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  polyglot: {
    severity: 'high',
    score: 0.9,
    why: 'A file that is two formats shows each reader something else.',
  },
  'trailing-data': {
    severity: 'medium',
    score: 0.5,
    why: 'Bytes behind the picture reach whoever stores the file.',
  },
  damaged: { severity: 'low', score: 0.3, why: 'Decoders differ in what they make of damaged data.' },
  'odd-frame': {
    severity: 'low',
    score: 0.3,
    why: 'A frame that nobody has time to see reaches whoever takes an animation apart.',
  },
  'cut-end': { severity: 'low', score: 0.2, why: 'A transfer was cut, or decoders are meant to differ.' },
  'media-type': {
    severity: 'info',
    score: 0.1,
    why: 'Servers often mislabel pictures; a lie here can also pick the decoder.',
  },
  appendix: { severity: 'info', score: 0.05, why: 'Cameras append second pictures and videos.' },
};
const UNKNOWN: Meaning = { severity: 'low', score: 0.2, why: 'The file is not what its format prescribes.' };

/** One finding for all that is irregular about a file, with the score of the worst; none for a sound file. */
export function malformedImage(view: Pick<ImageView, 'irregularities' | 'format' | 'identity'>): Finding[] {
  if (view.irregularities.length === 0) return [];
  const meanings = view.irregularities.map((text) => MEANINGS[text.split(':')[0] ?? ''] ?? UNKNOWN);
  const worst = meanings.reduce((most, meaning) => (meaning.score > most.score ? meaning : most));
  return [
    {
      kind: 'image.malformed',
      severity: worst.severity,
      score: worst.score,
      summary: `The ${view.format} file that ${view.identity} received is irregular: ${view.irregularities.join('; ')}. ${worst.why}`,
      taxonomy: worst.score >= 0.5 ? ['AML.T0020'] : [],
      rule: 'image/malformed@1',
      evidence: { irregularities: view.irregularities },
    },
  ];
}
