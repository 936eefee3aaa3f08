import type { IncomingHttpHeaders } from 'node:http';
import type { Login } from '../../shared/recipes.ts';
import { readHtmlForms } from '../html-form.ts';

/** The form's body. A field of the page, or a cookie, that is not there is left out. */
export function formBody(
  login: Login,
  page: { html: string; cookie: (name: string) => string | undefined },
  who: { user: string; token: string },
): URLSearchParams {
  const body = new URLSearchParams();
  const { fields } = readHtmlForms(page.html);
  for (const name of login.hidden) {
    const field = fields.find((each) => each.name === name);
    if (field) body.set(name, field.value);
  }
  for (const [name, cookie] of Object.entries(login.fromCookie)) {
    const value = page.cookie(cookie);
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
