const offer = 'Or set "Connect with" to OpenSSH in the settings of this cluster';

const unlessWindows = (text: string, platform: NodeJS.Platform): string => (platform === 'win32' ? '' : ` ${text}`);

/** The other way to connect, for a hint; empty where there is none. */
export const offerOpenSsh = (platform: NodeJS.Platform = process.platform): string =>
  unlessWindows(`${offer}.`, platform);

/** The same for an option of ~/.ssh/config, which ssh follows for the name that stands there. */
export const offerOpenSshByName = (platform: NodeJS.Platform = process.platform): string =>
  unlessWindows(`${offer}, with the name from ~/.ssh/config as its address.`, platform);
