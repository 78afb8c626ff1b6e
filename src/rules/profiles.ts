/** Profile files: what a request claims to be. */
import { z } from 'zod';
import type { Profile } from '../domain/index.ts';

const text = z.string().min(1);

export const profileSchema = z
  .strictObject({
    name: text,
    description: text,
    /** Order and case as sent. */
    fields: z.array(z.tuple([text, text])).min(1),
    accept: z.strictObject({ document: text, image: text }),
    tls: z.strictObject({
      alpn: z.array(z.enum(['h2', 'http/1.1'])).min(1),
      ciphers: text.optional(),
      groups: text.optional(),
      signatureAlgorithms: text.optional(),
    }),
    engine: z.enum(['http', 'browser']),
  })
  .transform(({ description: _, ...profile }): Profile => profile);
