/** Profile files: what a request claims to be, how it arrives, and cases of what is sent. */
import { z } from 'zod';
import type { Fields, Profile } from '../domain/index.ts';
import { fieldsOf } from './request-fields.ts';

const text = z.string().min(1);

const LINE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+: ?[\x20-\x7e]*$/;

const split = (line: string): readonly [string, string] => {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
};

/** Order and case as sent; a YAML list of `Name: value` lines reads like the request it describes. */
const fields = z
  .array(z.string().regex(LINE, 'expected "Name: value" in printable ASCII'))
  .min(1)
  .transform((lines): Fields => lines.map(split));

/** A URL asked for on an occasion, lines that are then sent and names that are not. */
const profileCase = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  picture: z.boolean().default(false),
  /** Decides among `visits.from`; without it nothing led here. */
  draw: z.number().min(0).lt(1).optional(),
  cookie: z.string().default(''),
  sends: z.array(z.string().regex(LINE)).default([]),
  lacks: z.array(text).default([]),
});
export type ProfileCase = z.output<typeof profileCase>;

export const profileSchema = z
  .strictObject({
    name: text.regex(/^[a-z0-9-]+$/),
    description: text,
    fields,
    imageFields: fields.optional(),
    accept: z.strictObject({ document: text, image: text }),
    visits: z
      .strictObject({
        from: z.array(z.union([z.literal('{front}'), z.url({ protocol: /^https?$/ })])).default([]),
        returning: z.number().min(0).max(1).default(0),
      })
      .default({ from: [], returning: 0 }),
    only: z.record(text.lowercase(), z.enum(['https', 'h1', 'h2'])).default({}),
    tls: z.strictObject({
      alpn: z.array(z.enum(['h2', 'http/1.1'])).min(1),
      ciphers: text.optional(),
      groups: text.optional(),
      signatureAlgorithms: text.optional(),
    }),
    h2: z
      .strictObject({
        settings: z.record(text, z.union([z.number().int().nonnegative(), z.boolean()])),
        /** Connection window in octets: 65,535 is the protocol's own, 2^31 - 1 the most it knows. */
        window: z
          .number()
          .int()
          .min(65_535)
          .max(2 ** 31 - 1),
        pseudo: z.string().regex(/^(?!.*(.).*\1)[masp]{4}$/, 'expected each of m, a, s and p once'),
      })
      .optional(),
    engine: z.enum(['http', 'browser']),
    cases: z.array(profileCase).default([]),
  })
  .superRefine(({ fields: lines, visits }, context) => {
    // Who names a page and has no line for it would arrive from nowhere all the same.
    const has = (value: string) => lines.some(([, given]) => given === value);
    const miss = (path: string, value: string) =>
      context.addIssue({ code: 'custom', path: ['visits', path], message: `a line with ${value} in fields` });
    if (visits.from.length > 0 && !has('{referer}')) miss('from', '{referer}');
    if (visits.returning > 0 && !has('{cookie}')) miss('returning', '{cookie}');
  })
  .transform(({ description: _, ...profile }): ProfileRule => profile);

/** A profile with the cases that stand beside it. */
export interface ProfileRule extends Profile {
  readonly cases: readonly ProfileCase[];
}

/** What of a case does not hold, in words; empty where all of it does. */
export function failuresOf(
  profile: Profile,
  { url, picture, draw, cookie, sends, lacks }: ProfileCase,
): string[] {
  const { protocol, host } = new URL(url);
  const sent = fieldsOf(profile, {
    secure: protocol === 'https:',
    authority: host,
    destination: picture ? 'image' : 'document',
    draw,
    cookie,
  });
  const lines = new Set(sent.map(([name, value]) => `${name}: ${value}`));
  const names = new Set(sent.map(([name]) => name.toLowerCase()));
  return [
    ...sends.filter((line) => !lines.has(split(line).join(': '))),
    ...lacks.filter((name) => names.has(name.toLowerCase())).map((name) => `no ${name}`),
  ];
}
