/** What the proxy needs of a logger: pino has it. */
type Write = (details: object, message: string) => void;

export interface ProxyLogger {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}
