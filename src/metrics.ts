/** What a guard counts, in Prometheus' terms. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Finding, Judgement, Verdict, ViewSummary } from './domain/index.ts';

/** What of a verdict is counted. */
export type Counted = Pick<Verdict, 'verdict' | 'action'> & {
  readonly findings: ReadonlyArray<Pick<Finding, 'kind'>>;
  readonly views: ReadonlyArray<Pick<ViewSummary, 'evidence'>>;
};

export interface Metrics {
  readonly registry: Registry;
  judged(verdict: Counted): void;
  began(): void;
  ended(judgement: Judgement | undefined): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const verdicts = new Counter({
    name: 'foretaste_verdicts_total',
    help: 'Verdicts given.',
    labelNames: ['verdict', 'action'],
    registers,
  });
  const findings = new Counter({
    name: 'foretaste_findings_total',
    help: 'Findings in verdicts, by kind.',
    labelNames: ['kind'],
    registers,
  });
  const views = new Counter({
    name: 'foretaste_views_total',
    help: "Requests sent to origins, the crawler's own among them, by what they were worth as evidence.",
    labelNames: ['evidence'],
    registers,
  });
  const duration = new Histogram({
    name: 'foretaste_verdict_seconds',
    help: 'From the request of the crawler to the verdict.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const underWay = new Gauge({
    name: 'foretaste_exchanges_under_way',
    help: 'Exchanges being judged.',
    registers,
  });
  return {
    registry,
    judged: (verdict) => {
      verdicts.inc({ verdict: verdict.verdict, action: verdict.action });
      for (const { kind } of verdict.findings) findings.inc({ kind });
      for (const { evidence } of verdict.views) views.inc({ evidence });
    },
    began: () => underWay.inc(),
    ended: (judgement) => {
      underWay.dec();
      if (judgement === undefined) return;
      const { fetchedAt, decidedAt } = judgement.verdict;
      duration.observe(Math.max(0, Date.parse(decidedAt) - Date.parse(fetchedAt)) / 1000);
    },
  };
}
