/** The other way to connect, for a hint; empty where there is none. */
export const offerOpenSsh = (platform: NodeJS.Platform = process.platform): string =>
  platform === 'win32' ? '' : ' Or set "Connect with" to OpenSSH in the settings of this cluster.';
