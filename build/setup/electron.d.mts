export interface Runtime {
  /** The executable. */
  path: string;
  version: string;
  source: 'env' | 'official' | 'registry';
  /** The folder a packager copies. */
  dist: string;
}
/** The runtime that is already on this machine, or undefined. Downloads nothing. */
export function findRuntime(): Runtime | undefined;
export function installElectron(): Promise<{ value: Runtime; note: string; upToDate: boolean }>;
