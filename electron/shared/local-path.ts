/**
 * The page writes paths of this computer as a cluster does: from `/` on, with slashes. On Windows the first part is the drive, as in
 * `/C:/Users/ada`.
 */
export const toLocalPath = (path: string, isWindows: boolean): string =>
  isWindows ? path.replace(/^\/(?=[A-Za-z]:)/, '').replace(/^([A-Za-z]:)$/, '$1/') : path;

export const fromLocalPath = (path: string, isWindows: boolean): string =>
  isWindows ? `/${path.replaceAll('\\', '/')}` : path;
