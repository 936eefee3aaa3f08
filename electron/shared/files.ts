import { z } from 'zod';

/** Where something is on a cluster: absolute, or from the home directory. */
export const remotePathSchema = z
  .string()
  .max(4096)
  .regex(/^[\P{Cc}\t]*$/u, 'A path is one line of text.');

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

/** One file or folder; of a link, what it leads to. */
export const fileInfoSchema = z.object({
  /** Absolute. */
  path: z.string(),
  kind: z.enum(['folder', 'file', 'other']),
  link: z.boolean(),
  /** Bytes of a file; null: not known, or no file. */
  size: z.number().nullable(),
  /** Epoch ms; null: not known. */
  modified: z.number().nullable(),
  /** As in chmod; null: not known. */
  mode: z.number().int().nullable(),
  /** Another text once the file was written again; null: not known, or no file. */
  version: z.string().nullable(),
});
export type FileInfo = z.infer<typeof fileInfoSchema>;

/** The disk space that something takes. */
export const folderUsageSchema = z.object({
  bytes: z.number(),
  /** The folders directly in it, the largest first. */
  folders: z.array(z.object({ name: z.string(), bytes: z.number() })),
  /** False: some of it could not be read. */
  complete: z.boolean(),
});
export type FolderUsage = z.infer<typeof folderUsageSchema>;

/** Which part of a file a download gives. */
export const filePartShape = {
  /** Negative: that many bytes before its end, with `stat`. */
  offset: z.number().int().default(0),
  /** At most so many; absent: to its end. */
  length: z.number().int().min(0).optional(),
  /** `opened` says what file it is, and the part ends where the file ended then. */
  stat: z.boolean().default(false),
};
export type FilePart = z.infer<z.ZodObject<typeof filePartShape>>;

export const openedFileSchema = z.object({
  /** null: not asked for. */
  file: fileInfoSchema.nullable(),
  /** Where the bytes begin. */
  offset: z.number().int(),
});
export type OpenedFile = z.infer<typeof openedFileSchema>;

/** An upload that must not replace another file: only one of this `version`; empty: nothing is to be there. */
export const ifVersionSchema = z.string().max(300).optional();
