import { z } from 'zod';

/** Where something is on a cluster: absolute, or from the home directory. */
export const remotePathSchema = z
  .string()
  .max(4096)
  .regex(/^[\P{Cc}\t]*$/u, 'A path is one line of text.');

/** What is in a folder of a cluster. `other`: a device, a socket or a link to nowhere. */
export const fileEntrySchema = z.object({
  /** Bytes of it that are no text are characters from U+DC01 to U+DCFF; file-names.ts. */
  name: z.string(),
  kind: z.enum(['folder', 'file', 'other']),
  link: z.boolean(),
  /** Bytes; null: not known. */
  size: z.number().nullable(),
  /** Epoch ms; null: not known. */
  modified: z.number().nullable(),
  /** As in chmod; null: not known. */
  mode: z.number().int().nullable(),
  /** The name of the user, or its number where it has none; null: not known. */
  owner: z.string().nullable(),
  /** Where a link leads, as it is written in it; null: not known, or no link. */
  target: z.string().nullable(),
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

/** How full the disk is that a path is on, and what of it the user may use. */
export const fileSpaceSchema = z.object({
  /** Bytes of the disk; null: not known. */
  total: z.number().nullable(),
  free: z.number().nullable(),
  /** How many files it can hold, and can hold more; null: not known, or no limit. */
  filesTotal: z.number().nullable(),
  filesFree: z.number().nullable(),
  /** What the user's quota there says; null: there is none, or it is not known. */
  quota: z
    .object({
      bytes: z.number(),
      /** null: no limit. */
      bytesLimit: z.number().nullable(),
      files: z.number(),
      filesLimit: z.number().nullable(),
    })
    .nullable(),
});
export type FileSpace = z.infer<typeof fileSpaceSchema>;

/** Something in the trash. */
export const trashedFileSchema = z.object({
  /** The folder of the trash that holds it; it names it when it is restored. */
  trash: z.string(),
  /** Where it was. */
  path: z.string(),
  /** Epoch ms; null: not known. */
  trashedAt: z.number().nullable(),
});
export type TrashedFile = z.infer<typeof trashedFileSchema>;

/** The trash of Tunel on a cluster: a folder in the home directory, and one on each other disk that something was put in the trash on. */
export const TRASH_FOLDER = '.tunel-trash';
/** Whether a folder of that name is a trash; with the number of a user where another user has the first one there. */
export const isTrashName = (name: string): boolean =>
  name.startsWith(TRASH_FOLDER) && /^(?:-\d+)?$/.test(name.slice(TRASH_FOLDER.length));
/** What is longer in the trash is removed when something else is put there. */
export const TRASH_DAYS = 7;

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

/** A file that is edited is read and written as a whole, so it is at most so large, bytes. */
export const MOST_EDITED_BYTES = 16 * 1024 * 1024;

/**
 * An upload that edits a file: only one with this content is replaced, and the new one has its mode, owner, group and links. Where the
 * cluster cannot compute it, `ifVersion` decides.
 */
export const ifSha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits.')
  .optional();

const modeBits = z.number().int().min(0).max(0o7777);

/** A change of who may do what: `mode` as in chmod; `mask`: the bits that it is about. */
export const modeChangeShape = { mode: modeBits, mask: modeBits.optional() };
export type ModeChange = z.infer<z.ZodObject<typeof modeChangeShape>>;

/** Without a mask the special bits stay, unless the mode has some of them. */
export const maskOf = ({ mode, mask }: ModeChange): number => mask ?? (mode > 0o777 ? 0o7777 : 0o777);

/** What a mode becomes. */
export const changeMode = (before: number, change: ModeChange): number =>
  (before & ~maskOf(change)) | (change.mode & maskOf(change));
