import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { requestPath, versionHeader } from '../../client/engine-paths.ts';
import { AppError, type ErrorCode } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { type Caller, owner, type TokenCaller } from '../../shared/tokens.ts';

/** A client of another version may ask these, to find out and to end it. */
const everyVersion = new Set(['engine.status', 'engine.stop'].map(requestPath));

export interface AdmissionPolicy {
  /** The owner token; null: it is not accepted here. */
  token: string | null;
  /** Whether a Host header names this engine. */
  isHost(name: string | undefined): boolean;
  version: string;
  /** Who sends a token of another program. @throws AppError `token-invalid`, `token-revoked`, `token-expired` */
  authenticate(token: string): TokenCaller;
  /** Hears of a token that was not accepted, with the code of the refusal. */
  onRefused(path: string, code: ErrorCode): void;
}

/**
 * Who asks, where the request may be answered. Browsers send Origin or Referer and are refused, whatever else they send.
 * @throws AppError `not-permitted`, `token-invalid`, `token-revoked`, `token-expired`, `version-mismatch`
 */
export function admit(headers: IncomingHttpHeaders, path: string, policy: AdmissionPolicy): Caller {
  if (headers.origin !== undefined || headers.referer !== undefined) {
    throw new AppError('not-permitted', 'Pages of a browser may not ask the engine.');
  }
  if (!policy.isHost(headers.host)) throw new AppError('not-permitted', 'This is not the name of the engine.');
  const caller = callerOf(headers.authorization ?? '', path, policy);
  const asked = headers[versionHeader];
  if (asked !== undefined && asked !== policy.version && !everyVersion.has(path)) {
    throw new AppError(
      'version-mismatch',
      message`The running engine is Tunel ${{ version: policy.version }}, this client is ${{ client: String(asked) }}.`,
      {
        hint: 'End it with: tunel engine stop. Running apps go on.',
      },
    );
  }
  return caller;
}

function callerOf(authorization: string, path: string, policy: AdmissionPolicy): Caller {
  if (policy.token !== null && isSame(authorization, `Bearer ${policy.token}`)) return owner;
  try {
    return policy.authenticate(authorization.replace(/^Bearer /i, ''));
  } catch (error) {
    policy.onRefused(path, AppError.from(error).code);
    throw error;
  }
}

/** In constant time: digests have one length, whatever was sent. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
