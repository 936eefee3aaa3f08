import { z } from 'zod';

/** What is in a folder of a cluster. `other`: a device, a socket, a link to nowhere, or a name that is not one line of text. */
const fileEntrySchema = z.object({
  name: z.string(),
  kind: z.enum(['folder', 'file', 'other']),
  link: z.boolean(),
  /** Bytes; null: not known. */
  size: z.number().nullable(),
  /** Epoch ms; null: not known. */
  modified: z.number().nullable(),
});
export type FileEntry = z.infer<typeof fileEntrySchema>;

export const fileListSchema = z.object({
  /** Absolute, as the cluster writes it. */
  path: z.string(),
  /** Folders first, then by name. */
  entries: z.array(fileEntrySchema),
  /** There are more than are listed. */
  truncated: z.boolean(),
});
export type FileList = z.infer<typeof fileListSchema>;

/** A folder worth a shortcut, e.g. the home directory. */
export const filePlaceSchema = z.object({ name: z.string(), path: z.string() });
export type FilePlace = z.infer<typeof filePlaceSchema>;
