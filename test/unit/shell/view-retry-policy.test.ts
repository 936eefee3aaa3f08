import { describe, expect, test } from 'vitest';
import { afterFailedLoad } from '../../../electron/windows/view-retry-policy.ts';

const load = (description: string, method = 'GET', tries = 0) => afterFailedLoad({ description, method, tries });
const show = { kind: 'show' };

describe('a page that did not load', () => {
  test.each(['ERR_NETWORK_CHANGED', 'ERR_PROXY_CONNECTION_FAILED', 'ERR_CONNECTION_RESET'])(
    '%s: again',
    (description) => expect(load(description)).toEqual({ kind: 'retry', delay: expect.any(Number) }),
  );

  test.each(['ERR_CERT_AUTHORITY_INVALID', 'ERR_BLOCKED_BY_CLIENT', 'ERR_EMPTY_RESPONSE', 'ERR_ABORTED', ''])(
    '“%s”: said',
    (description) => expect(load(description)).toEqual(show),
  );

  test('waits longer each time, and says so after half a minute', () => {
    const waits: number[] = [];
    for (let tries = 0; ; tries += 1) {
      const next = load('ERR_PROXY_CONNECTION_FAILED', 'GET', tries);
      if (next.kind === 'show') break;
      waits.push(next.delay);
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(30_000);
  });

  test('a form is not sent again without the user', () => {
    expect(load('ERR_PROXY_CONNECTION_FAILED', 'POST')).toEqual(show);
  });
});
