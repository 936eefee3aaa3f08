import { expect, test } from 'vitest';
import { type AdmissionPolicy, admit } from '../../../electron/core/api/admission.ts';
import { AppError, type ErrorCode } from '../../../electron/shared/errors.ts';
import { owner, tokenSchema } from '../../../electron/shared/tokens.ts';

const token = tokenSchema.parse({
  ...{ id: 'a', name: 'a', scopes: ['read'], clusters: null },
  ...{ createdAt: 0, expiresAt: null, revokedAt: null, lastUsedAt: null },
});
const refusals: Record<string, ErrorCode> = { expired: 'token-expired', revoked: 'token-revoked' };
const refused: string[] = [];
const policy: AdmissionPolicy = {
  token: 'owner-token',
  isHost: (name) => name === 'tunel',
  version: '1.0.0',
  authenticate(text) {
    if (text === 'good') return { kind: 'token', token, clusters: [] };
    throw new AppError(refusals[text] ?? 'token-invalid', 'No.');
  },
  onRefused: (path, code) => void refused.push(`${path} ${code}`),
};
const admitted = (headers: Record<string, string>, path = '/v1/app/state') => {
  try {
    return admit({ host: 'tunel', authorization: 'Bearer owner-token', ...headers }, path, policy);
  } catch (error) {
    return AppError.from(error).code;
  }
};

test.each([
  [{}, owner],
  [{ authorization: 'Bearer good' }, { kind: 'token', token, clusters: [] }],
  [{ authorization: 'bearer good' }, { kind: 'token', token, clusters: [] }],
  [{ authorization: '' }, 'token-invalid'],
  [{ authorization: 'Basic owner-token' }, 'token-invalid'],
  [{ authorization: 'Bearer owner-toke' }, 'token-invalid'],
  [{ authorization: 'Bearer expired' }, 'token-expired'],
  [{ authorization: 'Bearer revoked' }, 'token-revoked'],
  [{ host: 'localhost' }, 'not-permitted'],
  [{ host: 'tunel.example' }, 'not-permitted'],
  [{ origin: 'null' }, 'not-permitted'],
  [{ referer: 'http://tunel/' }, 'not-permitted'],
  [{ 'tunel-version': '1.0.0' }, owner],
  [{ 'tunel-version': '1.0.1' }, 'version-mismatch'],
])('a request with %j is admitted as %j', (headers, caller) => expect(admitted(headers)).toEqual(caller));

test('a client of another version may ask what runs, and end it', () => {
  expect(admitted({ 'tunel-version': '9' }, '/v1/engine/status')).toBe(owner);
  expect(admitted({ 'tunel-version': '9' }, '/v1/engine/stop')).toBe(owner);
});

test('a token that was refused is heard of, once, and a browser is not asked for one', () => {
  refused.length = 0;
  admitted({ authorization: 'Bearer revoked' }, '/v1/jobs/query');
  admitted({ authorization: 'Bearer revoked', origin: 'https://a.example' });
  expect(refused).toEqual(['/v1/jobs/query token-revoked']);
});

test('where the token of the owner is not accepted, it is no token', () => {
  expect(() =>
    admit({ host: 'tunel', authorization: 'Bearer owner-token' }, '/v1/app/state', { ...policy, token: null }),
  ).toThrow(AppError);
  expect(() => admit({ host: 'tunel', authorization: 'Bearer null' }, '/', { ...policy, token: null })).toThrow(
    AppError,
  );
});
