/** Profile files: what a request claims to be. */
import { z } from 'zod';
import type { Fields, Profile } from '../domain/index.ts';

const text = z.string().min(1);

/** Order and case as sent; a YAML list of `Name: value` lines reads like the request it describes. */
const fields = z
  .array(
    z
      .string()
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+: ?[\x20-\x7e]*$/, 'expected "Name: value" in printable ASCII'),
  )
  .min(1)
  .transform(
    (lines): Fields =>
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
      }),
  );

export const profileSchema = z
  .strictObject({
    name: text.regex(/^[a-z0-9-]+$/),
    description: text,
    fields,
    imageFields: fields.optional(),
    accept: z.strictObject({ document: text, image: text }),
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
  })
  .transform(({ description: _, ...profile }): Profile => profile);
