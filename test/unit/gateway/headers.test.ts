import { CookieJar } from 'tough-cookie';
import { describe, expect, it } from 'vitest';
import {
  bodyFraming,
  isNavigation,
  originRelative,
  readCookie,
  requestHeaders,
  responseHeaders,
  rewriteSetCookie,
  type Sides,
  startPath,
} from '../../../electron/core/gateway/headers.ts';
import { serveSchema } from '../../../electron/shared/recipes.ts';

function sidesOf(serve: Record<string, unknown> = {}): Sides {
  return {
    front: new URL('https://a.apps.internal'),
    serve: serveSchema.parse(serve),
    viewHost: 'a.apps.internal',
    token: 'T',
    dropHeaders: ['x-tunel-view'],
    dropCookies: ['tunel-view'],
  };
}

describe('what the app is sent', () => {
  it('is without hop-by-hop, named, forwarding and the gateway’s own headers', () => {
    const headers = requestHeaders(
      {
        ':method': 'GET',
        connection: 'keep-alive, X-Mine',
        'x-mine': '1',
        te: 'trailers',
        forwarded: 'for=x',
        'x-forwarded-for': 'x',
        'x-tunel-view': 'secret',
        'x-kept': '1',
        accept: '*/*',
      },
      sidesOf(),
    );
    expect(headers).toEqual({ host: 'localhost', 'x-kept': '1', accept: '*/*' });
  });

  it('has an Origin and Referer of another page untouched', () => {
    const headers = { origin: 'null', referer: 'https://a.apps.internal.evil/x' };
    expect(requestHeaders(headers, sidesOf())).toEqual({ host: 'localhost', ...headers });
  });

  it('has its own scheme and host in Origin and Referer', () => {
    const headers = { origin: 'https://a.apps.internal', referer: 'https://a.apps.internal/x?y' };
    expect(requestHeaders(headers, sidesOf({ scheme: 'https', host: 'node:8443' }))).toEqual({
      host: 'node:8443',
      origin: 'https://node:8443',
      referer: 'https://node:8443/x?y',
    });
  });

  it('is signed in, whatever the page says; a token in a cookie joins the others', () => {
    const bearer = sidesOf({ token: { header: 'Authorization', value: 'token {token}' } });
    expect(requestHeaders({ authorization: 'Basic x' }, bearer).authorization).toBe('token T');
    expect(requestHeaders({ authorization: 'Basic x' }, sidesOf()).authorization).toBe('Basic x');
    const cookie = sidesOf({ token: { header: 'Cookie', value: 'key={token}' } });
    expect(requestHeaders({ cookie: 'a=1; tunel-view=x' }, cookie).cookie).toBe('a=1; key=T');
    expect(requestHeaders({ cookie: 'tunel-view=x' }, sidesOf())).toEqual({ host: 'localhost' });
  });
});

describe('what the page is sent', () => {
  it('drops what speaks of the hop or of another origin', () => {
    const headers = {
      connection: 'close, x-hop',
      'x-hop': '1',
      'alt-svc': 'h3',
      'content-type': 'text/css',
      etag: '"1"',
    };
    expect(responseHeaders(headers, sidesOf())).toEqual({ 'content-type': 'text/css', etag: '"1"' });
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket' };
    expect(responseHeaders(upgrade, sidesOf(), true)).toEqual(upgrade);
  });

  it('allows the view where the app allows itself', () => {
    const allow = (origin: string) =>
      responseHeaders({ 'access-control-allow-origin': origin }, sidesOf())['access-control-allow-origin'];
    expect([allow('http://localhost'), allow('*'), allow('http://x')]).toEqual([
      'https://a.apps.internal',
      '*',
      'http://x',
    ]);
  });
});

it.each([
  ['/lab', '/lab'],
  ['lab', 'lab'],
  ['http://localhost/lab?x#y', '/lab?x#y'],
  ['https://LOCALHOST:8888/lab', '/lab'],
  ['http://127.0.0.1:8888/lab', '/lab'],
  ['https://a.apps.internal/lab', '/lab'],
  ['//localhost/lab', '/lab'],
  ['http://localhost//evil.example/', 'https://a.apps.internal//evil.example/'],
  ['https://evil.example/lab', 'https://evil.example/lab'],
  ['http://localhost.evil.example/', 'http://localhost.evil.example/'],
  ['http://[', 'http://['],
])('Location %s -> %s', (location, result) => expect(originRelative(location, sidesOf())).toBe(result));

it('a cookie is host-only, and in the view everything else stays', () => {
  const https = new URL('https://a.apps.internal');
  const all = 'a=domain; Domain=.x; Path=/p; Expires=Wed, 21 Oct 2099 07:28:00 GMT; SameSite=None; secure; Partitioned';
  expect(rewriteSetCookie(all, https)).toBe(all.replace(' Domain=.x;', ''));
});

describe('a cookie over the browser link', () => {
  const http = new URL('http://a.localhost:9');
  const options = [
    ['', ' Domain=localhost;', ' domain=.a.example;'],
    ['', ' Path=/;', ' Path=/lab;'],
    ['', ' Expires=Wed, 21 Oct 2099 07:28:00 GMT;', ' Max-Age=1000;'],
    ['', ' HttpOnly;'],
    ['', ' Secure;', ' secure ;'],
    ['', ' SameSite=None;', ' samesite = none;', ' SameSite=Lax;', ' SameSite=Strict;'],
    ['', ' Partitioned;', ' partitioned'],
  ];
  const every = options.reduce((lines, choice) => lines.flatMap((line) => choice.map((each) => line + each)), ['']);

  it(`is kept and sent back with each of ${every.length} combinations of attributes`, () => {
    for (const attributes of every) {
      const line = rewriteSetCookie(`session=a b="c"; ${attributes}`, http);
      expect(line).not.toMatch(/domain|secure|samesite *= *none|partitioned/i);
      expect(line).toMatch(/^session=a b="c"/);
      for (const kept of attributes.match(/(path|expires|max-age|httponly|samesite=(lax|strict))[^;]*/gi) ?? [])
        expect(line).toContain(kept);
      const jar = new CookieJar(undefined, { prefixSecurity: 'strict' });
      jar.setCookieSync(line, 'http://a.localhost:9/lab/x');
      expect(jar.getCookieStringSync('http://a.localhost:9/lab/x')).toBe('session=a b="c"');
    }
  });

  it('covers a prefix that demands Secure, and uncovers it for the app', () => {
    const set = (line: string) => rewriteSetCookie(line, http);
    expect(set('__Host-a=1; Secure; Path=/; Domain=x; SameSite=None')).toBe('tunel__Host-a=1; Path=/');
    expect(set(' __secure-a=1; Secure')).toBe('tunel__secure-a=1');
    // Browsers read the prefix of a value without name as well.
    expect(set('=__Secure-a=1; Secure')).toBe('tunel__Secure-a=1');
    expect(set('a=__Host-1; Secure')).toBe('a=__Host-1');
    const cookie = 'tunel-view=x; b=2;tunel__Host-a=1; tunel__secure-a=tunel__Host-; a=tunel__Host-1';
    const sides = { ...sidesOf(), front: http };
    expect(requestHeaders({ cookie }, sides).cookie).toBe('b=2; __Host-a=1; __secure-a=tunel__Host-; a=tunel__Host-1');
    // The view is https: there such a name is the app's own.
    expect(requestHeaders({ cookie: 'tunel__Host-a=1' }, sidesOf()).cookie).toBe('tunel__Host-a=1');
  });

  it('never takes the place of the gateway’s own', () => {
    const lines = ['tunel-view=x; Path=/a', ' tunel-view =x', '=tunel-view=x', 'tunel-view', 'tunel-views=x'];
    expect(responseHeaders({ 'set-cookie': lines }, sidesOf())['set-cookie']).toEqual(['tunel-views=x']);
  });
});

it('reads one cookie', () => {
  expect(readCookie('a=1; bb=2=3; c', 'bb')).toBe('2=3');
  expect(readCookie('xbb=2', 'bb')).toBeUndefined();
  expect(readCookie(undefined, 'bb')).toBeUndefined();
});

it('frames a body as it came', () => {
  expect(bodyFraming({ 'content-length': '3' }, true)).toEqual({ 'content-length': '3' });
  expect(bodyFraming({}, true)).toEqual({ 'transfer-encoding': 'chunked' });
  expect(bodyFraming({}, false)).toEqual({});
});

it('tells a page load apart', () => {
  expect(isNavigation({ 'sec-fetch-mode': 'navigate' })).toBe(true);
  expect(isNavigation({ 'sec-fetch-mode': 'cors', accept: 'text/html' })).toBe(false);
  expect(isNavigation({ accept: 'text/html,*/*' })).toBe(true);
  expect(isNavigation({})).toBe(false);
});

it.each([
  ['/', '', '/'],
  ['/lab', '', '/lab'],
  ['/', '/p', '/p/'],
  ['/lab', '/p/', '/p/lab'],
  ['/p/lab', 'p', '/p/lab'],
  ['/p', '/p', '/p'],
])('path %s under %s begins at %s', (path, basePath, start) => expect(startPath({ path, basePath })).toBe(start));
