import type { Serve } from '../../../shared/recipes.ts';
import type { NoteValue } from './notes-policy.ts';

/** The first answer of an app, before anyone is signed in. */
export interface FirstAnswer {
  status: number;
  /** `WWW-Authenticate`; empty: none. */
  challenge: string;
}

/**
 * How an app of Tunel's is spoken to once its notes are known: by Basic when it asks for that and both halves are known, by
 * the token it made itself when that is not the one it was given. In memory only: what is returned holds the secret.
 */
export function signedIn(serve: Serve, notes: readonly NoteValue[], answer: FirstAnswer, token: string): Serve {
  const value = (label: string) => notes.find((note) => note.label === label)?.value;
  const [user, password, own] = [value('User'), value('Password'), value('Token')];
  if (answer.status === 401 && /^\s*basic\b/i.test(answer.challenge) && user !== undefined && password !== undefined) {
    const words = Buffer.from(`${user}:${password}`, 'utf8').toString('base64');
    return { ...serve, token: { header: 'Authorization', value: `Basic ${words}` } };
  }
  if (own !== undefined && own !== token && /^[\w.~-]+$/.test(own) && (serve.token || answer.status === 302)) {
    return { ...serve, token: { header: 'Authorization', value: `token ${own}` } };
  }
  return serve;
}
