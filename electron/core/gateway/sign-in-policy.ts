import type { IncomingHttpHeaders } from 'node:http';
import type { Login } from '../../shared/recipes.ts';
import { attribute, inputs } from '../html-form.ts';

/** Name -> value of the cookies that sign a view in. They stay in the gateway. */
export type Jar = ReadonlyMap<string, string>;

/** One `Set-Cookie`: its name and value; a null value: it is taken away. */
export function parseSetCookie(line: string, now: number): { name: string; value: string | null } | null {
  const [pair = '', ...attributes] = line.split(';');
  const at = pair.indexOf('=');
  if (at <= 0) return null;
  const name = pair.slice(0, at).trim();
  const value = pair.slice(at + 1).trim();
  for (const attribute of attributes) {
    const [key = '', given = ''] = attribute.split('=', 2).map((part) => part.trim());
    if (key.toLowerCase() === 'max-age' && Number(given) <= 0) return { name, value: null };
    if (key.toLowerCase() === 'expires' && Date.parse(given) <= now) return { name, value: null };
  }
  return { name, value };
}

/** The jar after an answer. */
export function withCookies(jar: Jar, setCookies: readonly string[], now: number): Map<string, string> {
  const result = new Map(jar);
  for (const line of setCookies) {
    const cookie = parseSetCookie(line, now);
    if (cookie?.value === null) result.delete(cookie.name);
    else if (cookie) result.set(cookie.name, cookie.value);
  }
  return result;
}

/** The `Cookie` header to the app: what the page sent, with the jar's own in place of those of the same name. */
export function cookieHeader(sent: string | undefined, jar: Jar): string {
  const kept = (sent ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && !jar.has(pair.split('=', 1)[0] ?? ''));
  return [...kept, ...[...jar].map(([name, value]) => `${name}=${value}`)].join('; ');
}

/** Values of a page's input fields by name. */
export function inputFields(html: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const tag of inputs(html)) {
    const name = attribute(tag, 'name');
    if (name !== undefined && !fields.has(name)) fields.set(name, attribute(tag, 'value') ?? '');
  }
  return fields;
}

/** The form's body. A field of the page, or a cookie, that is not there is left out. */
export function formBody(
  login: Login,
  page: { html: string; cookies: Jar },
  who: { user: string; token: string },
): URLSearchParams {
  const body = new URLSearchParams();
  const fields = inputFields(page.html);
  for (const name of login.hidden) {
    const value = fields.get(name);
    if (value !== undefined) body.set(name, value);
  }
  for (const [name, cookie] of Object.entries(login.fromCookie)) {
    const value = page.cookies.get(cookie);
    if (value !== undefined) body.set(name, value);
  }
  for (const [name, value] of Object.entries(login.fields)) {
    body.set(name, value.replaceAll('{user}', who.user).replaceAll('{token}', who.token));
  }
  return body;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** An answer that leads to the sign-in page. `path`: what was asked for, `loginPath`: with the app's prefix. */
export function leadsToLogin(
  answer: { status: number; headers: IncomingHttpHeaders },
  path: string,
  loginPath: string,
): boolean {
  const { location } = answer.headers;
  if (!REDIRECTS.has(answer.status) || location === undefined) return false;
  const base = `http://app${path.startsWith('/') ? path : '/'}`;
  return URL.canParse(location, base) && new URL(location, base).pathname === loginPath;
}

/** Signed in: the form's answer set a cookie and does not lead back to the form. */
export function wasAccepted(
  answer: { status: number; headers: IncomingHttpHeaders },
  postPath: string,
  loginPath: string,
) {
  const cookies = answer.headers['set-cookie'] ?? [];
  return answer.status < 400 && cookies.length > 0 && !leadsToLogin(answer, postPath, loginPath);
}
