/** Nothing of the request has left this process: it can be made again elsewhere. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

const connectFailures = new Set(['ECONNREFUSED', 'ENOENT', 'EACCES', 'ENOTSOCK']);

/** Whether a socket's error says that nobody listens there. */
export const isNobodyThere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && connectFailures.has(error.code);
