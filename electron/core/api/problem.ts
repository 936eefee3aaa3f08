import { AppError, type ErrorCode } from '../../shared/errors.ts';

const statuses: Partial<Record<ErrorCode, number>> = {
  'bad-input': 400,
  'body-invalid': 400,
  'body-too-large': 413,
  'token-invalid': 401,
  'token-expired': 401,
  'token-revoked': 401,
  'not-permitted': 403,
  'scope-missing': 403,
  'api-disabled': 403,
  'consent-needed': 403,
  'consent-denied': 403,
  'api-forbidden': 403,
  'token-limit': 429,
  'too-many-open': 429,
  'client-too-slow': 408,
  'not-found': 404,
  conflict: 409,
  'engine-running': 409,
  'version-mismatch': 409,
  'key-reused': 422,
  'file-changed': 412,
  'range-invalid': 416,
  'limit-exceeded': 422,
  'recipe-invalid': 422,
  'site-invalid': 422,
  'template-invalid': 422,
  internal: 500,
  storage: 507,
  'engine-down': 503,
  'engine-stopped': 503,
  timeout: 504,
};

/** What failed on a cluster or on the way to it is no fault of the request. */
const ofCluster = 502;

export const statusOf = (code: ErrorCode): number => statuses[code] ?? ofCluster;

/** An error as `application/problem+json` (RFC 9457). */
export function problemOf(error: unknown): { status: number; body: string } {
  const failure = AppError.from(error);
  const status = statusOf(failure.code);
  const problem = { type: `urn:tunel:error:${failure.code}`, title: failure.message, status, ...failure.serialize() };
  return { status, body: JSON.stringify(problem) };
}
