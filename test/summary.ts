/** The last line of a test run, in the form that any CI can read: `412 passed, 0 failed, 3 skipped`. */
import type { Reporter, TestModule } from 'vitest/node';

export default class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const states = modules.flatMap((each) =>
      [...each.children.allTests()].map((test) => test.result().state),
    );
    const count = (state: string) => states.filter((each) => each === state).length;
    // A file that does not load has no tests, and is still a failure.
    const broken = modules.filter(
      (each) => each.state() === 'failed' && [...each.children.allTests()].length === 0,
    );
    const failed = count('failed') + broken.length + errors.length;
    // After the default reporter, which writes its own summary when it hears of the same end.
    setImmediate(() =>
      process.stdout.write(`${count('passed')} passed, ${failed} failed, ${count('skipped')} skipped\n`),
    );
  }
}
