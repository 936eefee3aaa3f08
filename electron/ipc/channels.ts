/** The only two channels between our window and the main process. */
export const invokeChannel = 'tunel:invoke';
export const eventChannel = 'tunel:event';
