import { randomBytes, randomInt } from 'node:crypto';
import { z } from 'zod';
import { launcherNameSchema, runtimeNameSchema } from '../../shared/kinds.ts';
import { serveSchema } from '../../shared/recipes.ts';

/** `instance.json` in an instance's directory: what another computer needs to find and open it. Nothing secret. */
export const metaSchema = z.object({
  version: z.literal(1),
  id: z.string().regex(/^[a-z][a-z2-7]{9}$/),
  recipe: z.string().max(500),
  title: z.string().max(200),
  icon: z.string().max(50),
  launcher: launcherNameSchema,
  runtime: runtimeNameSchema.default('native'),
  createdAt: z.number(),
  path: z.string().max(1000),
  /** Where its script runs. */
  workDirectory: z.string().max(4096).optional(),
  /** null: a batch job, nothing to open. */
  serve: serveSchema.nullable(),
  /** Of a recipe of Tunel's: its command for after the start, and whether users sign in with TUNEL_USER and TUNEL_PASS. */
  tunels: z.object({ post: z.string().max(10_000), userPass: z.boolean() }).optional(),
  /** The computer it was launched from. */
  from: z.string().max(255),
});
export type Meta = z.infer<typeof metaSchema>;

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const BASE32 = `${LETTERS}234567`;

/** Ten characters that are valid as a host label, a directory and a job name; 2^49 of them. */
export function newInstanceId(): string {
  const rest = Array.from({ length: 9 }, () => BASE32[randomInt(BASE32.length)]);
  return `${LETTERS[randomInt(LETTERS.length)]}${rest.join('')}`;
}

/** The app's own secret: 256 bits as hex. */
export const newSecret = (): string => randomBytes(32).toString('hex');

/** Below Linux's ephemeral range, so that an outgoing connection does not take it. */
export const newPort = (): number => randomInt(20_000, 32_000);
