/** Progress on stderr, and an end by Ctrl-C that keeps what is done. */

export interface Progress {
  /** Somebody wants it to end: loops leave, tables are printed of what there is. */
  readonly stopped: boolean;
  /** A step begins; its name shows with the time since the start. */
  step(name: string): void;
  close(): void;
}

export function progressOn(stream: { write(text: string): unknown }): Progress {
  const started = performance.now();
  let stopped = false;
  const stop = () => {
    // The second time ends the process as usual.
    stream.write('stopping; again to end at once\n');
    stopped = true;
  };
  process.once('SIGINT', stop);
  return {
    get stopped() {
      return stopped;
    },
    step: (name) => {
      stream.write(`${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s  ${name}\n`);
    },
    close: () => process.off('SIGINT', stop),
  };
}
