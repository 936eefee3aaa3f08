import { z } from 'zod';

/** A name by which ssh reaches a cluster or a running app. */
export const sshHostSchema = z.object({ name: z.string(), user: z.string(), title: z.string() });
export type SshHost = z.infer<typeof sshHostSchema>;

/** What other tools need to reach clusters and running apps by ssh. */
export const sshIncludeSchema = z.object({
  /** The user's own configuration, e.g. ~/.ssh/config. */
  configFile: z.string(),
  /** The line in it that includes ours; all that Tunel ever changes there. */
  line: z.string(),
  isIncluded: z.boolean(),
  /** Our file, and what it contains. */
  file: z.string(),
  text: z.string(),
  hosts: z.array(sshHostSchema),
});
export type SshInclude = z.infer<typeof sshIncludeSchema>;
