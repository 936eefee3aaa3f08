import { expect, test } from 'vitest';
import { AppCookies } from '../../../electron/core/gateway/app-cookies.ts';
import { ManualClock } from './manual-clock.ts';

test('cookies go where a browser would send them, whatever domain the app names', () => {
  const cookies = new AppCookies('a.apps.internal', new ManualClock());
  cookies.store(
    ['sid=1; Path=/; HttpOnly; Secure', 'area=2; Path=/admin', 'own=3; Domain=cluster.example', 'no cookie'],
    '/login',
  );
  expect(cookies.header(undefined, '/')).toBe('sid=1; own=3');
  expect(cookies.header(undefined, '/admin/users?x=1')).toBe('area=2; sid=1; own=3');
  expect(cookies.get('sid', '/')).toBe('1');
  expect(cookies.get('area', '/')).toBeUndefined();
});

test('the page’s own cookies stay beside them, without those of the same names', () => {
  const cookies = new AppCookies('a.apps.internal', new ManualClock());
  cookies.store(['sid=1; Path=/'], '/');
  expect(cookies.header('theme=dark; sid=forged; lang="en"', '/')).toBe('theme=dark; lang="en"; sid=1');
  expect(new AppCookies('a.apps.internal', new ManualClock()).header(undefined, '/')).toBe('');
});

test('a cookie ends by the injected clock, or when the app takes it away', async () => {
  const clock = new ManualClock();
  const cookies = new AppCookies('a.apps.internal', clock);
  cookies.store(['short=1; Max-Age=10', 'gone=2', 'long=3; Max-Age=1000'], '/');
  cookies.store(['gone=; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], '/');
  expect(cookies.header(undefined, '/')).toBe('short=1; long=3');
  await clock.pass(11_000);
  expect(cookies.header(undefined, '/')).toBe('long=3');
});
