/** The only channels between our window and the main process. */
export const invokeChannel = 'tunel:invoke';
export const cancelChannel = 'tunel:cancel';
export const eventChannel = 'tunel:event';
/** Carries the port of a stream. */
export const streamChannel = 'tunel:stream';
