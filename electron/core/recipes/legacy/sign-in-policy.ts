import { type Login, loginSchema, type Serve } from '../../../shared/recipes.ts';
import { readHtmlForms } from '../../html-form.ts';
import type { NoteValue } from './notes-policy.ts';

/** What an app answers a stranger: where its view begins, and the page that leads to. */
export interface FirstAnswer {
  status: number;
  /** `WWW-Authenticate`; empty: none. */
  challenge: string;
  /** The page that was shown in the end; empty: none. */
  page: { path: string; html: string };
}

/**
 * How an app of Tunel's is spoken to once its notes are known: by Basic when it asks for that, by its own form when that
 * asks for no more than what is known, by the token it made itself when that is not the one it was given. In memory only:
 * what is returned holds the secret.
 */
export function signedIn(serve: Serve, notes: readonly NoteValue[], answer: FirstAnswer, token: string): Serve {
  const value = (label: string) => notes.find((note) => note.label === label)?.value;
  const [user, password, own] = [value('User'), value('Password'), value('Token')];
  if (answer.status === 401 && /^\s*basic\b/i.test(answer.challenge) && user !== undefined && password !== undefined) {
    const credentials = Buffer.from(`${user}:${password}`, 'utf8').toString('base64');
    return { ...serve, token: { header: 'Authorization', value: `Basic ${credentials}` } };
  }
  if (own !== undefined && own !== token && /^[\w.~-]+$/.test(own) && (serve.token || answer.status === 302)) {
    return { ...serve, token: { header: 'Authorization', value: `token ${own}` } };
  }
  // Jupyter's own form is for those without its token.
  if (serve.token || password === undefined) return serve;
  const login = loginOf(answer.page, user, password);
  return login === null ? serve : { ...serve, login };
}

/** null: the page has no form that asks for this password, or one that asks for more than is known. */
export function loginOf(page: FirstAnswer['page'], user: string | undefined, password: string): Login | null {
  const path = page.path.split('?')[0] ?? '';
  const form = readHtmlForms(page.html).forms.find((each) => each.fields.some(({ type }) => type === 'password'));
  if (!form || path === '') return null;
  const fields: Record<string, string> = {};
  const hidden: string[] = [];
  for (const { name, type } of form.fields) {
    if (name === '' || type === 'submit' || type === 'button' || type === 'checkbox') continue;
    if (type === 'hidden') hidden.push(name);
    else if (type === 'password') fields[name] = password;
    else if (/^(?:text|email)$/.test(type) && user !== undefined && /user|name|login|email/i.test(name))
      fields[name] = user;
    else return null;
  }
  if (!Object.values(fields).includes(password)) return null;
  const action = form.action || path;
  const base = `http://app${path}`;
  // What the app wrote there may be no address at all.
  if (!URL.canParse(action, base)) return null;
  const post = new URL(action, base);
  if (post.host !== 'app') return null;
  return loginSchema.safeParse({ path, post: post.pathname + post.search, fields, hidden }).data ?? null;
}
