/** Tells a store of verdicts as the guard does: bodies, captures, views, findings. */
import { createHash } from 'node:crypto';
import {
  type BodyStore,
  type CaptureRecord,
  CRAWLER,
  type EvidenceClass,
  type Finding,
  type FindingKind,
  type IdentityName,
  type Milliseconds,
  type NewVerdict,
  type Severity,
  timestamp,
} from '../../src/domain/index.ts';
import type { Store } from '../../src/store/engine.ts';

export interface Seeded {
  readonly store: Store;
  readonly bodies: BodyStore;
}

const REFERENCES: readonly IdentityName[] = [
  'chrome-desktop@direct',
  'firefox-desktop@second',
  'plain@second',
];
const hash = (alg: string, bytes: Uint8Array): string => createHash(alg).update(bytes).digest('hex');

export interface Answer {
  readonly identity: IdentityName;
  readonly bytes: Uint8Array;
  readonly status: number;
  readonly evidence: EvidenceClass;
}

export const answer = (
  identity: IdentityName,
  content: string | Uint8Array,
  own: Partial<Pick<Answer, 'status' | 'evidence'>> = {},
): Answer => ({
  identity,
  bytes: typeof content === 'string' ? Buffer.from(content) : content,
  status: 200,
  evidence: 'usable',
  ...own,
});

export const finding = (
  kind: FindingKind,
  severity: Severity,
  score: number,
  summary: string,
  evidence: Finding['evidence'] = {},
): Finding => ({
  kind,
  severity,
  score,
  summary,
  taxonomy: kind.startsWith('split-view') ? ['AML.T0020', 'NISTAML.013'] : ['AML.T0051'],
  rule: `${kind.replace('.', '/')}@1`,
  evidence,
});

export interface Told {
  readonly url: string;
  readonly mediaType?: string;
  readonly verdict: NewVerdict['verdict'];
  readonly action: NewVerdict['action'];
  readonly score: number;
  readonly quorum: NewVerdict['quorum'];
  readonly findings?: readonly Finding[];
  readonly answers: readonly Answer[];
  readonly at: Milliseconds;
}

/** Appends verdicts with their captures as the guard does. Ids ascend with the order of calls. */
export function teller({ store, bodies }: Seeded): (told: Told) => Promise<string> {
  let made = 0;
  return async ({ url, mediaType = 'text/html', answers, at, findings = [], ...rest }) => {
    made += 1;
    const id = `01JD${String(made).padStart(22, '0')}`;
    const [own] = answers;
    if (own === undefined) throw new Error('a verdict speaks of an answer');
    const captures = answers.map(
      ({ identity, bytes, status }, place): CaptureRecord => ({
        identity,
        url,
        status,
        reason: 'OK',
        httpVersion: '1.1',
        fields: [
          ['Date', new Date(at).toUTCString()],
          ['Content-Type', mediaType],
          ['Server', place === 0 ? 'nginx' : 'nginx'],
          ...(place === 0 ? ([['X-Cache', 'MISS from edge']] as const) : []),
        ],
        mediaType,
        sha256: hash('sha256', bytes),
        bytes: bytes.length,
        startedAt: at,
      }),
    );
    for (const { bytes } of answers) {
      await bodies.put(
        hash('sha256', bytes),
        (async function* () {
          yield bytes;
        })(),
      );
    }
    await store.verdicts.append(
      {
        id,
        url,
        source: new URL(url).hostname,
        status: own.status,
        mediaType,
        bytes: own.bytes.length,
        digest: { sha256: hash('sha256', own.bytes), md5: hash('md5', own.bytes) },
        fetchedAt: timestamp(at),
        decidedAt: timestamp(at),
        snapshot: { status: 'unlisted', dataset: null, date: null },
        views: answers.map(({ identity, bytes, status, evidence }, place) => ({
          identity,
          status,
          sha256: hash('sha256', bytes),
          bytes: bytes.length,
          ms: 48 + 31 * place,
          evidence,
        })),
        findings,
        rules: `sha256:${hash('sha256', Buffer.from('rules'))}`,
        ...rest,
      },
      captures,
    );
    return id;
  };
}

export const against = (honest: string | Uint8Array, poisoned: string | Uint8Array): Answer[] => [
  answer(CRAWLER, poisoned),
  ...REFERENCES.map((identity) => answer(identity, honest)),
];
