/** Debian packages a purpose needs, each as a list of alternative names. */
export function neededPackages(purpose: 'start' | 'test' | 'package', hasDisplay: boolean): string[][];
/** Installed packages among dpkg's status entries. */
export function installedPackages(status: string): Set<string>;
/** The commands that PATH does not have. */
export function missingCommands(names: readonly string[], path?: string): string[];
