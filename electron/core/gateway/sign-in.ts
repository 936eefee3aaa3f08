import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { onAbort } from '../../shared/on-abort.ts';
import type { Login } from '../../shared/recipes.ts';
import type { Clock } from '../deps.ts';
import { type AppChannel, Unreachable } from './app-channel.ts';
import { AppCookies, cookieName } from './app-cookies.ts';
import { startPath, upstreamHost, upstreamOrigin } from './headers.ts';
import { formBody, leadsToLogin, wasAccepted } from './sign-in-policy.ts';
import { requestOn } from './upstream-request.ts';

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
  #cookies: AppCookies;
  /** `Set-Cookie` lines that the next answer carries to the page. */
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
    this.#cookies = this.#noCookies();
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
    const { state, message } = this.app.target.status();
    if (!patient && state !== 'up') throw new Unreachable(state, message);
    if (this.#refused && this.clock.now() - this.#refused.at < PAUSE) throw this.#refused.error;
    this.#running ??= this.#signIn().finally(() => {
      this.#running = null;
    });
    await this.#running;
    signal.throwIfAborted();
  }

  /** The app wants another sign-in. */
  forget(): void {
    this.#signedIn = false;
    this.#cookies = this.#noCookies();
  }

  /** The `Cookie` header of a request for `path`, with the sign-in's cookies beside what the page sent; empty: none. */
  cookieHeader(sent: string | undefined, path: string): string {
    return this.#cookies.header(sent, path);
  }

  leadsToLogin(answer: IncomingMessage, path: string): boolean {
    return leadsToLogin({ status: answer.statusCode ?? 0, headers: answer.headers }, path, this.loginPath);
  }

  /** Takes the sign-in's own cookies out of an answer to a request for `path`, and keeps what they are now. */
  absorb(headers: IncomingHttpHeaders, path: string): IncomingHttpHeaders {
    const lines = headers['set-cookie'] ?? [];
    const isOwn = (line: string) => this.#cookies.has(cookieName(line) ?? '');
    this.#cookies.store(lines.filter(isOwn), path);
    const rest = [...lines.filter((line) => !isOwn(line)), ...this.#forThePage.splice(0)];
    const { 'set-cookie': _taken, ...others } = headers;
    return rest.length > 0 ? { ...others, 'set-cookie': rest } : others;
  }

  async #signIn(): Promise<void> {
    const { user, token } = this.app.target;
    const before = this.#noCookies();
    const page = await this.#ask('GET', this.loginPath, '', before);
    const ofPage = page.headers['set-cookie'] ?? [];
    before.store(ofPage, this.loginPath);
    const cookie = (name: string) => before.get(name, this.loginPath);
    const body = formBody(this.login, { html: page.text, cookie }, { user, token }).toString();
    const answer = await this.#ask('POST', this.#postPath, body, before);
    if (!wasAccepted(answer, this.#postPath, this.loginPath)) {
      this.#refused = { at: this.clock.now(), error: notAccepted(answer.status) };
      throw this.#refused.error;
    }
    // A cookie that the page had before anybody was signed in signs nobody in, and scripts may need it.
    const isOfPage = (line: string) => before.has(cookieName(line) ?? '');
    const lines = answer.headers['set-cookie'] ?? [];
    this.#forThePage = [...ofPage, ...lines].filter(isOfPage);
    const cookies = this.#noCookies();
    cookies.store(
      lines.filter((line) => !isOfPage(line)),
      this.#postPath,
    );
    this.#cookies = cookies;
    this.#refused = null;
    this.#signedIn = true;
  }

  #noCookies(): AppCookies {
    return new AppCookies(this.app.viewHost, this.clock);
  }

  async #ask(method: 'GET' | 'POST', path: string, body: string, cookies: AppCookies): Promise<Answer> {
    const signal = AbortSignal.timeout(LIMIT);
    const { app } = this;
    const channel = await app.acquire({ signal, sending: true, patient: true, deadline: app.deadline() });
    const side = { serve: app.target.serve, viewHost: app.viewHost };
    const cookie = cookies.header(undefined, path);
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
      const request = requestOn(app.pool, channel, { method, path, headers });
      const lost = (cause?: unknown): void =>
        reject(new AppError('not-ready', 'The app’s sign-in page did not answer.', { cause }));
      request.on('error', lost).once('close', lost);
      request.once('response', (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          if (text.length < MAX_PAGE) text += part;
        });
        answer.on('error', lost);
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
      });
      request.end(body);
      onAbort(signal, () => request.destroy());
    });
  }
}

const notAccepted = (status: number): AppError =>
  new AppError('auth-failed', message`The app did not accept the sign-in of this launch (${{ status }}).`, {
    hint: 'Look at its log; if it was started by hand with another password, stop it and launch it again.',
  });
