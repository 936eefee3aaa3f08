import { z } from 'zod';

/** A part of paths on the cluster. */
export const keptTerminalIdSchema = z.string().regex(/^[a-z0-9]{10}$/, 'Ten letters and digits.');

/** A terminal whose shell keeps running on its node while nobody is connected. */
export const keptTerminalSchema = z.object({
  id: keptTerminalIdSchema,
  clusterId: z.string(),
  /** Where it runs. */
  node: z.string(),
  title: z.string(),
  startedAt: z.number(),
  /** The program in its foreground; null: the shell itself, or not known. */
  running: z.string().nullable(),
  /** Whether a window or command shows it now; null: not known, because it is on another node than the connection. */
  isAttached: z.boolean().nullable(),
});
export type KeptTerminal = z.infer<typeof keptTerminalSchema>;

/** `in-job`: a launcher's step ends with its connection; `ends-at-logout`: the node ends what a user leaves running. */
export const notKeptReasons = ['in-job', 'no-python', 'ends-at-logout', 'start-failed'] as const;
export const notKeptSchema = z.object({ reason: z.enum(notKeptReasons), detail: z.string() });
export type NotKept = z.infer<typeof notKeptSchema>;
