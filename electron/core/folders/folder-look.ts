/** What is known of a folder before anything is sent: names of files (with `/`), and the beginnings of the small ones. */
export interface FolderLook {
  names: readonly string[];
  /** Name -> its first 64 KiB. */
  heads: ReadonlyMap<string, string>;
}
