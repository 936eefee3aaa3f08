/**
 * Files whose beginnings are read, to be matched with the whole path: in the syntax that JavaScript and `grep -E` share.
 * A file of a setting counts where it lies at the top or two folders below.
 */
export const readablePath =
  '^([^/]+/){0,2}([^/]+\\.(py|R|js|mjs|cjs|ts|sh|toml|txt|json|lock|yaml|yml|ipynb)|Procfile|Dockerfile|Containerfile|DESCRIPTION|\\.flaskenv)$';

/** What is known of a folder before anything is sent: names of files (with `/`), and the beginnings of the small ones. */
export interface FolderLook {
  names: readonly string[];
  /** Name -> its first 64 KiB. */
  heads: ReadonlyMap<string, string>;
}
