import { Cookie, CookieJar } from 'tough-cookie';
import type { Clock } from '../deps.ts';

/** Cookies of one app, by the rules a browser has for its view's origin. They stay in the gateway. */
export class AppCookies {
  readonly #jar = new CookieJar(undefined, { rejectPublicSuffixes: false, prefixSecurity: 'unsafe-disabled' });
  readonly #names = new Set<string>();
  readonly #origin: string;
  readonly #clock: Clock;

  constructor(host: string, clock: Clock) {
    // The view is https, whatever the app speaks.
    this.#origin = `https://${host}`;
    this.#clock = clock;
  }

  /** Takes the `Set-Cookie` lines of an answer to a request for `path`. */
  store(lines: readonly string[], path: string): void {
    for (const line of lines) {
      const cookie = Cookie.parse(line);
      if (!cookie) continue;
      // Its own domain would not be the view's.
      cookie.domain = null;
      const now = new Date(this.#clock.now());
      // The jar would count Max-Age from the last use by the system's clock.
      if (cookie.maxAge !== null) cookie.expires = cookie.expiryDate(now) ?? now;
      cookie.maxAge = null;
      this.#jar.setCookieSync(cookie, this.#url(path), { now, ignoreError: true });
      this.#names.add(cookie.key);
    }
  }

  /** Whether a cookie of that name was ever stored. */
  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** The value that a request for `path` carries; undefined: none. */
  get(name: string, path: string): string | undefined {
    return this.#for(path).find(({ key }) => key === name)?.value;
  }

  /** The `Cookie` header of a request for `path`: what the page sent, with these in place of those of the same name. */
  header(sent: string | undefined, path: string): string {
    const pairs = (sent ?? '').split(';').map((pair) => pair.trim());
    const others = pairs.filter((pair) => pair !== '' && !this.has(pair.split('=', 1)[0] ?? ''));
    return [...others, ...this.#for(path).map((cookie) => cookie.cookieString())].join('; ');
  }

  #for(path: string): Cookie[] {
    const now = this.#clock.now();
    // Expiry is compared below with the injected clock.
    const cookies = this.#jar.getCookiesSync(this.#url(path), { expire: false, sort: true });
    return cookies.filter((cookie) => (cookie.expiryTime() ?? Number.POSITIVE_INFINITY) > now);
  }

  #url(path: string): string {
    return this.#origin + (path.startsWith('/') ? path : '/');
  }
}

/** The name of a `Set-Cookie` line; undefined: it is none. */
export const cookieName = (line: string): string | undefined => Cookie.parse(line)?.key;
