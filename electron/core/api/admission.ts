import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { engineHostName, requestPath, versionHeader } from '../../client/engine-paths.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';

/** A client of another version may ask these, to find out and to end it. */
const everyVersion = new Set(['engine.status', 'engine.stop'].map(requestPath));

export interface AdmissionPolicy {
  token: string;
  version: string;
}

/**
 * Whether a request may be answered. Browsers send Origin or Referer and are refused, whatever else they send.
 * @throws AppError `not-permitted`, `token-invalid`, `version-mismatch`
 */
export function admit(headers: IncomingHttpHeaders, path: string, { token, version }: AdmissionPolicy): void {
  if (headers.origin !== undefined || headers.referer !== undefined) {
    throw new AppError('not-permitted', 'Pages of a browser may not ask the engine.');
  }
  if (headers.host !== engineHostName) throw new AppError('not-permitted', 'This is not the name of the engine.');
  if (!isSame(headers.authorization ?? '', `Bearer ${token}`)) {
    throw new AppError('token-invalid', 'The token is not valid.', { hint: 'Start Tunel again.' });
  }
  const asked = headers[versionHeader];
  if (asked !== undefined && asked !== version && !everyVersion.has(path)) {
    throw new AppError(
      'version-mismatch',
      message`The running engine is Tunel ${{ version }}, this client is ${{ client: String(asked) }}.`,
      {
        hint: 'End it with: tunel engine stop. Running apps go on.',
      },
    );
  }
}

/** In constant time: digests have one length, whatever was sent. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
