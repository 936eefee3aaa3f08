export const appScheme = 'app';
export const appHost = 'tunel';
/** Where our own pages live. Chromium gives a custom scheme the opaque origin `null` in URL, hence the text. */
export const appOrigin = `${appScheme}://${appHost}`;
export const appPage = `${appOrigin}/index.html`;
