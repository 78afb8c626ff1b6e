/** Configuration: `foretaste.yaml` and flags, checked once at start. Flags win. */
import { existsSync, readFileSync } from 'node:fs';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { ForetasteError, type Limits, type Perspective } from './domain/index.ts';
import { expectationAt } from './rules/expectation.ts';
import { parseYaml } from './rules/yaml.ts';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

const UNITS = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;
const MULTIPLES = { '': 1, k: 1e3, M: 1e6, G: 1e9 } as const;
const TIMES = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A number with one of `suffixes`, `64MiB`; a plain number is taken in the smallest unit. */
const quantity = (suffixes: Readonly<Record<string, number>>, example: string) =>
  z.union([z.number(), z.string()]).transform((given, context) => {
    const [, amount = '', suffix = ''] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(String(given)) ?? [];
    const factor = typeof given === 'number' ? 1 : suffixes[suffix];
    const value = amount === '' || factor === undefined ? Number.NaN : Math.round(Number(amount) * factor);
    if (value > 0 && Number.isSafeInteger(value)) return value;
    context.issues.push({ code: 'custom', input: given, message: `a quantity such as ${example}` });
    return z.NEVER;
  });

const bytes = quantity(UNITS, '64MiB');
const count = quantity(MULTIPLES, '100M');
const duration = quantity(TIMES, '10s');

/** `127.0.0.1:8080`, `[::1]:0`, `localhost:8081`. */
export const hostPort = z.string().transform((given, context): HostPort => {
  const [, host = '', port = ''] = /^(\[[0-9a-fA-F:.]+\]|[^\s:[\]]+):(\d{1,5})$/.exec(given) ?? [];
  if (host !== '' && Number(port) <= 65_535)
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
  context.issues.push({ code: 'custom', input: given, message: 'HOST:PORT with a port from 0 to 65535' });
  return z.NEVER;
});

/** `env:NAME` is read from the environment, so that no secret stands in a file. */
const secret = z.string().transform((given, context) => {
  const name = /^env:(\w+)$/.exec(given)?.[1];
  const value = name === undefined ? given : process.env[name];
  if (value) return value;
  context.issues.push({ code: 'custom', input: given, message: `the variable ${name} to be set` });
  return z.NEVER;
});

/** Text of one form, described as what was expected. */
const text = (form: RegExp, expected: string) => z.string().refine((given) => form.test(given), expected);

const cidr = z.string().refine((given) => ipaddr.isValid(given) || ipaddr.isValidCIDR(given), {
  message: 'an address or a range such as 127.0.0.0/8',
});
const hostPattern = text(/^(\*\.)?[\w-]+(\.[\w-]+)*\.?$/, 'a host or a pattern such as *.example.org');

const name = text(/^[\w-]+$/, 'letters, digits, - and _');
const perspective = z.union([
  z.strictObject({
    name,
    localAddress: z.string().refine(ipaddr.isValid, 'an IP address'),
    group: name.optional(),
  }),
  z.strictObject({ name, proxy: z.url({ protocol: /^(http|https|socks5h?)$/ }), group: name.optional() }),
  z.strictObject({ name, vantage: z.url({ protocol: /^https?$/ }), secret, group: name.optional() }),
]);

const webUrl = z.url({ protocol: /^https?$/ });
/** Requests a minute; the default is what clients of the Wayback Machine keep to, 0.8 of the 30 that its CDX server allows. */
const perMinute = z.number().positive().max(60_000).default(24);
const archive = z.discriminatedUnion('kind', [
  z.strictObject({
    name,
    kind: z.literal('wayback'),
    url: webUrl,
    index: webUrl.optional(),
    rate: perMinute,
  }),
  z.strictObject({ name, kind: z.literal('memento'), url: webUrl, rate: perMinute }),
  z.strictObject({
    name,
    kind: z.literal('commoncrawl'),
    url: webUrl.default('https://data.commoncrawl.org/'),
    index: webUrl,
    rate: perMinute,
  }),
]);

const plugin = z.strictObject({
  name,
  model: z.union([z.url({ protocol: /^https?$/ }), z.string().min(1)]),
  mode: z.enum(['shadow', 'vote']).default('shadow'),
  timeout: duration.prefault('2s'),
  maxBytes: bytes.prefault('32MiB'),
});

const ratio = z.number().min(0).max(1);
const section = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape).prefault({} as never);

/** Where the guard listens when neither flag nor file says. */
interface Listen {
  readonly proxy: string;
  readonly api: string;
}
const LISTEN: Listen = { proxy: '127.0.0.1:8080', api: '127.0.0.1:8081' };

const schemaWith = ({ proxy, api }: Listen) =>
  z.strictObject({
    mode: z.enum(['enforce', 'observe']).default('enforce'),
    proxy: section({
      listen: hostPort.prefault(proxy),
      users: z
        .array(z.strictObject({ name: text(/^[^:]+$/, 'a name without a colon'), password: secret }))
        .default([]),
    }),
    api: section({
      listen: hostPort.prefault(api),
      tokens: z
        .array(
          z.strictObject({ name: z.string(), role: z.enum(['viewer', 'reviewer', 'admin']), token: secret }),
        )
        .default([]),
    }),
    data: z.string().min(1).default('./foretaste-data'),
    store: text(/^(sqlite$|postgres(ql)?:\/\/)/, 'sqlite or a postgres:// URL').default('sqlite'),
    /** Further indexes of snapshot records, read and never written: folders, or URLs of folders. */
    snapshots: section({ indexes: z.array(z.string().min(1)).default([]) }),
    upstream: section({ ca: z.array(z.string()).default([]) }),
    intercept: section({ exclude: z.array(hostPattern).default([]) }),
    destinations: section({
      allow: z.array(cidr).default([]),
      deny: z.array(z.union([cidr, hostPattern])).default([]),
    }),
    perspectives: z.array(perspective).default([]),
    archives: z.array(archive).default([]),
    profiles: z.array(z.string()).min(1).default(['chrome-desktop', 'firefox-desktop', 'plain']),
    audit: section({
      rate: z.union([z.literal('adaptive'), ratio]).default('adaptive'),
      floor: ratio.default(0.05),
      deadline: duration.prefault('10s'),
      maxViews: z.int().min(0).max(64).default(8),
    }),
    screen: section({
      image: z.boolean().default(true),
      text: z.boolean().default(true),
      code: z.boolean().default(true),
      /** Models that a user owns, asked about every picture: folders of tfjs graph models, or URLs that take a POST. */
      plugins: z.array(plugin).default([]),
    }),
    policy: z.string().default('default'),
    limits: section({
      body: bytes.prefault('64MiB'),
      inflate: bytes.prefault('256MiB'),
      pixels: count.prefault('100M'),
      header: bytes.prefault('64KiB'),
      perHost: z.int().min(1).default(8),
    }),
  });

/** Everything a user may set, with defaults filled in and units resolved. */
export type Config = z.output<ReturnType<typeof schemaWith>> & {
  readonly limits: Limits;
  readonly workers: number;
};

/** What flags may set. */
export interface Flags {
  readonly config?: string;
  readonly proxy?: string;
  readonly api?: string;
  readonly data?: string;
  readonly mode?: string;
  readonly workers?: string;
}

/** The file that is read when `--config` names none, where it exists. */
const DEFAULT_FILE = 'foretaste.yaml';

/**
 * Read the configuration file, if there is one, and lay the flags over it.
 * Throws ForetasteError `config` with file, line, what was expected and what was found; `usage` for a flag.
 */
export function loadConfig(flags: Flags = {}, listen = LISTEN): Config {
  const schema = schemaWith(listen);
  const file = flags.config ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined);
  const config =
    file === undefined
      ? schema.parse({})
      : (parseYaml(readConfig(file), file, schema.nullable(), 'config') ?? schema.parse({}));
  requireDistinct('perspective', ['direct', ...config.perspectives.map((each) => each.name)]);
  requireDistinct(
    'archive',
    config.archives.map((each) => each.name),
  );
  return {
    ...config,
    mode: flag('--mode', z.enum(['enforce', 'observe']), flags.mode) ?? config.mode,
    workers: flag('--workers', z.coerce.number().int().min(1).max(256), flags.workers) ?? 1,
    proxy: { ...config.proxy, listen: flag('--proxy', hostPort, flags.proxy) ?? config.proxy.listen },
    api: { ...config.api, listen: flag('--api', hostPort, flags.api) ?? config.api.listen },
    data: flags.data ?? config.data,
  };
}

function readConfig(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ForetasteError('config', `Expected a readable configuration file but could not read ${file}.`, {
      cause,
    });
  }
}

function flag<T>(option: string, type: z.ZodType<T, unknown>, given: string | undefined): T | undefined {
  if (given === undefined) return undefined;
  const parsed = type.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const expected =
    issue?.code === 'custom' ? issue.message : expectationAt(type, [], issue?.message ?? 'another value');
  throw new ForetasteError('usage', `Expected ${expected} but received ${given} in ${option}.`);
}

function requireDistinct(what: string, names: readonly string[]): void {
  const twice = names.find((each, at) => names.indexOf(each) !== at);
  if (twice !== undefined)
    throw new ForetasteError('config', `Expected distinct ${what} names but received ${twice} twice.`);
}

/** The perspectives of a configuration; `direct` always exists, and a perspective without a group is one of its own. */
export function perspectivesOf(config: Config): Perspective[] {
  const direct: Perspective = { name: 'direct', route: { via: 'direct' }, group: 'direct' };
  return [
    direct,
    ...config.perspectives.map((given): Perspective => {
      const group = given.group ?? given.name;
      if ('localAddress' in given)
        return { name: given.name, route: { via: 'localAddress', address: given.localAddress }, group };
      if ('proxy' in given) return { name: given.name, route: { via: 'proxy', url: given.proxy }, group };
      return { name: given.name, route: { via: 'vantage', url: given.vantage, secret: given.secret }, group };
    }),
  ];
}
