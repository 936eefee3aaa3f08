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

it('a cookie is host-only, and keeps Secure where that does not lose it', () => {
  const https = new URL('https://a.apps.internal');
  const http = new URL('http://a.localhost:9');
  expect(rewriteSetCookie('a=domain; Domain=.x; Path=/p; secure', https)).toBe('a=domain; Path=/p; secure');
  expect(rewriteSetCookie('a=1; Secure; HttpOnly', http)).toBe('a=1; HttpOnly');
  expect(rewriteSetCookie('__Host-a=1; Secure; Path=/', http)).toBe('__Host-a=1; Secure; Path=/');
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
