import { z } from 'zod';

/** A question to the user that a connection waits for. UI, CLI and tests answer the same prompt by its id. */
const base = {
  id: z.string(),
  clusterId: z.string(),
  clusterName: z.string(),
  askedAt: z.number(),
  /** Which hop of the connection asks. */
  hop: z.object({ role: z.enum(['jump', 'login', 'node']), host: z.string() }).optional(),
};

/** One field of a sign-in round. `text` is what the server sent, control characters removed. */
const promptFieldSchema = z.object({ text: z.string(), echo: z.boolean() });

export const promptSchema = z.discriminatedUnion('kind', [
  z.object({
    ...base,
    kind: z.literal('secret'),
    /** What is asked for: the account's password or a key's passphrase. */
    secret: z.enum(['password', 'passphrase']),
    /** `user@host`, or the key file. */
    subject: z.string(),
    /** The server's own text before the question. */
    instructions: z.string().optional(),
    /** How many answers were wrong before this one. */
    wrong: z.number(),
    canRemember: z.boolean(),
  }),
  z.object({
    ...base,
    kind: z.literal('interactive'),
    subject: z.string(),
    name: z.string(),
    instructions: z.string(),
    fields: z.array(promptFieldSchema),
    /** Options found in the words, e.g. Duo's numbered list. */
    options: z.array(z.object({ reply: z.string(), label: z.string() })),
    round: z.number(),
    wrong: z.number(),
  }),
  z.object({
    ...base,
    kind: z.literal('host-key'),
    host: z.string(),
    port: z.number(),
    keyType: z.string(),
    /** `SHA256:...` as ssh-keygen prints it. */
    fingerprint: z.string(),
    /** True for a jump host. */
    jump: z.boolean(),
    /** The known_hosts line that would accept a certificate of this host, which Tunel itself cannot check. */
    authority: z.object({ file: z.string(), line: z.number() }).optional(),
    /** False where nothing is kept, as in a test of a connection. */
    canSave: z.boolean().optional(),
  }),
  /** Nothing to type: the user approves on another device. It closes when the server goes on; the only answer is `cancel`. */
  z.object({
    ...base,
    kind: z.literal('approval'),
    subject: z.string(),
    /** The menu option that was chosen; null: the server is silent, which a request to a phone would explain. */
    option: z.string().nullable(),
  }),
]);
export type Prompt = z.infer<typeof promptSchema>;

export const promptAnswerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cancel') }),
  z.object({ kind: z.literal('secret'), value: z.string().max(10_000), remember: z.boolean().default(false) }),
  z.object({
    kind: z.literal('interactive'),
    values: z.array(z.string().max(10_000)).max(50),
    alwaysReply: z.string().max(100).optional(),
  }),
  z.object({ kind: z.literal('host-key'), accept: z.literal(true), save: z.boolean().default(true) }),
]);
export type PromptAnswer = z.infer<typeof promptAnswerSchema>;
