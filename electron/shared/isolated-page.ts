/** The scheme of the empty page that shows what came from a cluster. */
export const isolatedScheme = 'isolated';
export const isolatedOrigin = `${isolatedScheme}://page`;
/** It fills itself with the HTML that its parent sends it. */
export const isolatedPage = `${isolatedOrigin}/`;
