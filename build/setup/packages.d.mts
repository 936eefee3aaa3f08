interface Entry {
  version?: string;
  integrity?: string;
  optional?: boolean;
}
/** True when every package of the lock file is installed in its version. */
export function isInstalled(wanted: Record<string, Entry>, installed: Record<string, Entry>): boolean;
