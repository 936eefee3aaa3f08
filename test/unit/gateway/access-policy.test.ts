import { describe, expect, it } from 'vitest';
import {
  connectTarget,
  isHostLabel,
  judgeBrowserRequest,
  judgeViewRequest,
  sameSecret,
} from '../../../electron/core/gateway/access-policy.ts';

describe('connectTarget', () => {
  it.each([
    ['app-1.apps.internal:443', 'app-1'],
    ['app-1.apps.internal:80', null],
    ['app-1.apps.internal', null],
    ['APP.apps.internal:443', null],
    ['a.b.apps.internal:443', null],
    ['.apps.internal:443', null],
    ['-a.apps.internal:443', null],
    ['a.apps.internal:443 ', null],
    ['a.apps.internal:443\n', null],
    ['apps.internal:443', null],
    [undefined, null],
  ])('%s -> %s', (authority, id) => expect(connectTarget(authority)).toBe(id));
});

it('an id is one host label', () => {
  expect(['a', 'a-b', '0', 'x'.repeat(63)].every(isHostLabel)).toBe(true);
  expect(['', '-a', 'a-', 'A', 'a.b', 'a_b', 'é', 'x'.repeat(64)].some(isHostLabel)).toBe(false);
});

it('a secret is equal only to itself', () => {
  expect(sameSecret('abc', 'abc')).toBe(true);
  for (const given of ['abd', 'ab', 'abcd', '', undefined, ['abc'], 3]) expect(sameSecret(given, 'abc')).toBe(false);
});

describe('judgeViewRequest', () => {
  const expected = { host: 'a.apps.internal', secret: 's' };
  const good = {
    method: 'GET',
    url: '/',
    authority: 'a.apps.internal',
    host: undefined,
    servername: 'a.apps.internal',
    secret: 's',
    fetchSite: 'same-origin',
  };
  it('lets the view pass, with HTTP/2, HTTP/1.1 and the default port', () => {
    expect(judgeViewRequest(good, expected).allow).toBe(true);
    expect(judgeViewRequest({ ...good, authority: undefined, host: 'a.apps.internal' }, expected).allow).toBe(true);
    expect(judgeViewRequest({ ...good, authority: 'a.apps.internal:443' }, expected).allow).toBe(true);
  });
  it.each([
    { secret: undefined },
    { fetchSite: 'same-site' },
    { secret: 'x' },
    { servername: false as const },
    { servername: 'b.apps.internal' },
    { authority: undefined },
    { authority: 'b.apps.internal' },
    { authority: 'a.apps.internal:80' },
    { host: 'b.apps.internal' },
    { url: 'http://b/' },
    { url: '*' },
    { method: 'TRACE' },
    { method: 'CONNECT' },
  ])('refuses %o', (change) => expect(judgeViewRequest({ ...good, ...change }, expected).allow).toBe(false));
});

describe('judgeBrowserRequest', () => {
  const expected = { host: 'a.localhost:9', cookie: 'c' };
  const good = {
    method: 'GET',
    url: '/',
    host: 'a.localhost:9',
    cookie: 'c',
    origin: undefined,
    fetchSite: undefined,
    upgrade: false,
  };
  const own = 'http://a.localhost:9';
  it.each([
    {},
    { fetchSite: 'none' },
    { method: 'POST', origin: own },
    { method: 'POST' },
    { upgrade: true, origin: own },
  ])('allows %o', (change) => expect(judgeBrowserRequest({ ...good, ...change }, expected).allow).toBe(true));
  it.each([
    { host: 'a.localhost' },
    { host: 'localhost:9' },
    { host: undefined },
    { cookie: undefined },
    { cookie: 'x' },
    { method: 'POST', origin: 'http://a.localhost:8' },
    { upgrade: true },
    { upgrade: true, origin: 'http://evil' },
    { fetchSite: 'same-site' },
    { fetchSite: 'cross-site' },
    { url: 'http://a.localhost:9/' },
  ])('refuses %o', (change) => expect(judgeBrowserRequest({ ...good, ...change }, expected).allow).toBe(false));
});
