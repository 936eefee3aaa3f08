import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { AppError } from '../../shared/errors.ts';
import type { Login } from '../../shared/recipes.ts';
import type { Clock } from '../deps.ts';
import { type AppChannel, Unreachable } from './app-channel.ts';
import { startPath, upstreamHost, upstreamOrigin } from './headers.ts';
import { requestOn } from './proxy-request.ts';
import {
  cookieHeader,
  formBody,
  type Jar,
  leadsToLogin,
  parseSetCookie,
  wasAccepted,
  withCookies,
} from './sign-in-policy.ts';

/** Apps slow down or lock whoever tries too often: after a refusal the form is left alone so long, ms. */
const PAUSE = 15_000;
/** One sign-in, ms. */
const LIMIT = 30_000;
const MAX_PAGE = 1024 * 1024;

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/**
 * Signs one view in by the app's own form (`serve.login`) and keeps the cookies that came of it. The page never has the
 * secret, nor those cookies; it gets what the sign-in page itself set, since its scripts may need that (a csrf token).
 */
export class SignIn {
  readonly loginPath: string;
  readonly #postPath: string;
  #jar: Jar = new Map();
  /** `Set-Cookie` lines the page is still to be told. */
  #forThePage: string[] = [];
  #running: Promise<void> | null = null;
  #signedIn = false;
  #refused: { at: number; error: AppError } | null = null;

  constructor(
    private readonly app: AppChannel,
    private readonly login: Login,
    private readonly clock: Clock,
  ) {
    const { basePath } = app.target.serve;
    this.loginPath = startPath({ path: login.path, basePath });
    this.#postPath = startPath({ path: login.post ?? login.path, basePath });
  }

  /**
   * Resolves when the view is signed in; one attempt for all who ask. Rejects with `auth-failed`, or as a channel does;
   * without `patient` at once while the tunnel is down.
   */
  async ready(signal: AbortSignal, patient: boolean): Promise<void> {
    signal.throwIfAborted();
    if (this.#signedIn) return;
    const { state, words } = this.app.target.status();
    if (!patient && state !== 'up') throw new Unreachable(state, words);
    if (this.#refused && this.clock.now() - this.#refused.at < PAUSE) throw this.#refused.error;
    this.#running ??= this.#signIn().finally(() => {
      this.#running = null;
    });
    await this.#running;
    signal.throwIfAborted();
  }

  /** The app wants it anew. */
  forget(): void {
    this.#signedIn = false;
    this.#jar = new Map();
  }

  /** The `Cookie` header for the app; undefined: none. */
  cookies(sent: string | undefined): string | undefined {
    return cookieHeader(sent, this.#jar) || undefined;
  }

  leadsToLogin(answer: IncomingMessage, path: string): boolean {
    return leadsToLogin({ status: answer.statusCode ?? 0, headers: answer.headers }, path, this.loginPath);
  }

  /** Takes the sign-in's own cookies out of an answer, and keeps what they are now. */
  absorb(headers: IncomingHttpHeaders): IncomingHttpHeaders {
    const now = this.clock.now();
    const given = headers['set-cookie'] ?? [];
    const own = given.filter((line) => this.#jar.has(parseSetCookie(line, now)?.name ?? ''));
    this.#jar = withCookies(this.#jar, own, now);
    const rest = [...given.filter((line) => !own.includes(line)), ...this.#forThePage.splice(0)];
    const { 'set-cookie': _taken, ...others } = headers;
    return rest.length > 0 ? { ...others, 'set-cookie': rest } : others;
  }

  async #signIn(): Promise<void> {
    const { user, token } = this.app.target;
    const page = await this.#ask('GET', this.loginPath, '', new Map());
    const first = withCookies(new Map(), page.headers['set-cookie'] ?? [], this.clock.now());
    const body = formBody(this.login, { html: page.text, cookies: first }, { user, token }).toString();
    const answer = await this.#ask('POST', this.#postPath, body, first);
    const given = answer.headers['set-cookie'] ?? [];
    if (!wasAccepted(answer, this.#postPath, this.loginPath)) {
      const error = new AppError(
        'auth-failed',
        `The app did not accept the sign-in of this launch (${answer.status}).`,
        {
          hint: 'Look at its log; if it was started by hand with another password, stop it and launch it again.',
        },
      );
      this.#refused = { at: this.clock.now(), error };
      throw error;
    }
    const jar = withCookies(new Map(), given, this.clock.now());
    // What the sign-in page gave before anybody was signed in signs nobody in: the page may have it, too.
    for (const name of first.keys()) jar.delete(name);
    this.#forThePage = [...(page.headers['set-cookie'] ?? []), ...given].filter((line) => {
      const cookie = parseSetCookie(line, this.clock.now());
      return cookie !== null && first.has(cookie.name);
    });
    this.#jar = jar;
    this.#refused = null;
    this.#signedIn = true;
  }

  async #ask(method: 'GET' | 'POST', path: string, body: string, cookies: Jar): Promise<Answer> {
    const signal = AbortSignal.timeout(LIMIT);
    const { app } = this;
    const channel = await app.acquire({ signal, sending: true, patient: true, deadline: app.deadline() });
    const side = { serve: app.target.serve, viewHost: app.viewHost };
    const cookie = cookieHeader(undefined, cookies);
    const form = {
      origin: upstreamOrigin(side),
      referer: `${upstreamOrigin(side)}${this.loginPath}`,
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(body),
    };
    const headers = {
      host: upstreamHost(side),
      accept: 'text/html,*/*',
      ...(cookie ? { cookie } : {}),
      ...(method === 'POST' ? form : {}),
    };
    return await new Promise((resolve, reject) => {
      const request = requestOn(app, channel, { method, path, headers });
      const lost = (cause?: unknown): void =>
        reject(new AppError('not-ready', 'The app’s sign-in page did not answer.', { cause }));
      signal.addEventListener('abort', () => request.destroy(), { once: true });
      request.once('error', lost).once('close', lost);
      request.once('response', (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          if (text.length < MAX_PAGE) text += part;
        });
        answer.once('error', lost);
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
      });
      request.end(body);
    });
  }
}
