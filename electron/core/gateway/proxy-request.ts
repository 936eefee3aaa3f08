import {
  Agent,
  type ClientRequest,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError } from '../../shared/errors.ts';
import type { Logger } from '../deps.ts';
import { breakOff, type FrontRequest, type FrontResponse, hasBody, sendHead, sendOwn, wasCut } from './answer.ts';
import { type AppChannel, Unreachable } from './app-channel.ts';
import { bodyFraming, isNavigation, requestHeaders, responseHeaders, type Sides } from './headers.ts';
import { isRepeatable, seesWaitingPage } from './hold-policy.ts';
import { messagePage, plainAnswer, waitingPage } from './pages.ts';
import type { Channel } from './upstream-pool.ts';

/** The channel failed before the first byte of an answer. */
class NoAnswer extends Error {}

/** The app wants to be signed in to again (`serve.login`). */
class SignedOut extends Error {}

const MAX_HEADERS = 64 * 1024;

/** Made once: each answer ends with it. */
const GONE = new AppError('cancelled', 'The page has closed its request.');

/** node:http over a channel that is already open; keep-alive without a pool of Node's own. */
class ChannelAgent extends Agent {
  constructor() {
    super({ keepAlive: true });
  }

  addRequest(request: ClientRequest, options: { createConnection?: () => Duplex }): void {
    const stream = options.createConnection?.();
    // The client uses nothing of a Socket that a Duplex lacks, once it is connected.
    if (stream) request.onSocket(stream as Socket);
  }
}

const agent = new ChannelAgent();

/** A client request on the channel, which is released or closed by itself when the exchange is over, unless detached. */
export function requestOn(
  app: AppChannel,
  channel: Channel,
  options: { method: string; path: string; headers: ReturnType<typeof requestHeaders> },
): ClientRequest {
  let free = false;
  const onFree = (): void => {
    free = true;
  };
  channel.stream.once('free', onFree);
  const request = httpRequest({
    ...options,
    agent,
    createConnection: () => channel.stream,
    maxHeaderSize: MAX_HEADERS,
  });
  // Node emits `free` on the channel right after `close` on the request.
  request.once('close', () =>
    process.nextTick(() => {
      channel.stream.removeListener('free', onFree);
      app.pool.release(channel, free);
    }),
  );
  return request;
}

/** Speaks one request to the app for the page. Never rejects: whatever happens becomes an answer or a broken one. */
export async function proxyRequest(
  app: AppChannel,
  sides: Sides,
  req: FrontRequest,
  res: FrontResponse,
  logger: Logger,
): Promise<void> {
  const gone = new AbortController();
  res.once('close', () => gone.abort(GONE));
  const method = req.method ?? 'GET';
  const body = hasBody(req);
  const repeatable = isRepeatable(method, body);
  const patient = !seesWaitingPage(method, req.headers);
  const deadline = app.deadline();
  let signedInAgain = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await app.signIn?.ready(gone.signal, patient);
      const channel = await app.acquire({ signal: gone.signal, sending: !repeatable, patient, deadline });
      await exchange(app, channel, sides, req, res, body, gone.signal);
      return;
    } catch (error) {
      if (gone.signal.aborted) return;
      if (res.headersSent) return breakOff(res);
      if (error instanceof SignedOut && repeatable && !signedInAgain) {
        signedInAgain = true;
        continue;
      }
      const lost = error instanceof NoAnswer;
      if (lost && repeatable && (attempt === 1 || app.target.status().state !== 'up') && attempt < 5) continue;
      logger.debug('No answer from the app', { instance: app.target.id, method, attempt });
      sendOwn(req, res, failureAnswer(error, req, patient, lost && !repeatable));
      return;
    }
  }
}

function failureAnswer(error: unknown, req: FrontRequest, patient: boolean, sent: boolean) {
  const navigation = isNavigation(req.headers);
  const again = req.method === 'GET';
  const answer = (status: number, title: string, words: string) =>
    navigation ? messagePage(status, title, words, again) : plainAnswer(status, `${title} ${words}`.trim());
  if (error instanceof Unreachable) {
    if (error.kind === 'ended') return answer(410, 'This app has ended.', error.words);
    if (error.kind === 'failed') return answer(502, 'The app does not answer.', error.words);
    if (!patient) return waitingPage(error.words);
    return answer(503, 'The app cannot be reached.', `${error.words} What you sent was not delivered: send it again.`);
  }
  if (error instanceof SignedOut) {
    return answer(503, 'The app wanted a new sign-in.', 'It was not done: try it again.');
  }
  if (error instanceof AppError && error.code === 'auth-failed') {
    return answer(502, error.message, error.hint ?? '');
  }
  const words = error instanceof NoAnswer ? error.message : 'The request could not be passed on to the app.';
  const doubt = sent ? ' What you sent may or may not have been done.' : '';
  return answer(502, 'The app gave no answer.', words + doubt);
}

/** Resolves when the answer has begun; the rest streams with back pressure. Rejects with NoAnswer before that. */
function exchange(
  app: AppChannel,
  channel: Channel,
  sides: Sides,
  req: FrontRequest,
  res: FrontResponse,
  body: boolean,
  gone: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let begun = false;
    let request: ClientRequest;
    try {
      const headers = { ...requestHeadersTo(app, req.headers, sides), ...bodyFraming(req.headers, body) };
      request = requestOn(app, channel, { method: req.method ?? 'GET', path: req.url ?? '/', headers });
    } catch (error) {
      app.pool.release(channel, false);
      reject(error);
      return;
    }
    const cancel = (): void => {
      request.destroy();
    };
    gone.addEventListener('abort', cancel, { once: true });
    request.once('close', () => {
      gone.removeEventListener('abort', cancel);
      if (!begun) reject(new NoAnswer('The app closed the connection before it answered.'));
    });
    request.once('continue', () => res.writeContinue());
    request.once('response', (answer) => {
      try {
        begun = true;
        if (app.signIn?.leadsToLogin(answer, req.url ?? '/')) {
          app.signIn.forget();
          // A form's own page goes on to where the gateway signs in; what else was sent cannot be shown a page.
          if (req.method === 'GET' || req.method === 'HEAD' || !isNavigation(req.headers)) {
            answer.resume();
            reject(new SignedOut());
            return;
          }
        }
        sendAnswer(app, answer, sides, req, res);
        resolve();
      } catch (error) {
        request.destroy();
        reject(error);
      }
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      const garbage = error.code?.startsWith('HPE_') === true;
      if (body) req.unpipe(request).resume();
      reject(
        new NoAnswer(
          garbage
            ? 'What came back is not HTTP.'
            : 'The app, or the way to it, closed the connection before it answered.',
          { cause: error },
        ),
      );
    });
    if (!body) {
      request.end();
      return;
    }
    request.flushHeaders();
    req.once('end', () => {
      // Half an upload must never look like a whole one.
      if (wasCut(req)) {
        request.destroy();
        return;
      }
      const trailers = Object.entries(req.trailers).map(([name, value]) => [name, String(value)] as [string, string]);
      if (trailers.length > 0 && req.headers['content-length'] === undefined) request.addTrailers(trailers);
      request.end();
    });
    req.pipe(request, { end: false });
  });
}

/** With the cookies that sign the view in, where the gateway did that. */
export function requestHeadersTo(app: AppChannel, given: IncomingHttpHeaders, sides: Sides) {
  const headers = requestHeaders(given, sides);
  if (!app.signIn) return headers;
  const { cookie, ...others } = headers;
  const signed = app.signIn.cookies(typeof cookie === 'string' ? cookie : undefined);
  return signed === undefined ? others : { ...others, cookie: signed };
}

/** Without the cookies that sign the view in. */
export function responseHeadersFrom(app: AppChannel, answer: IncomingMessage, sides: Sides, keepUpgrade = false) {
  return responseHeaders(app.signIn?.absorb(answer.headers) ?? answer.headers, sides, keepUpgrade);
}

function sendAnswer(
  app: AppChannel,
  answer: IncomingMessage,
  sides: Sides,
  req: FrontRequest,
  res: FrontResponse,
): void {
  answer.once('error', () => breakOff(res));
  answer.once('aborted', () => breakOff(res));
  sendHead(res, answer.statusCode ?? 502, answer.statusMessage ?? '', responseHeadersFrom(app, answer, sides));
  if (req.method === 'HEAD') {
    answer.resume();
    res.end();
    return;
  }
  answer.once('end', () => {
    if (!answer.complete) return breakOff(res);
    const trailers = Object.entries(answer.trailers).filter(([, value]) => value !== undefined);
    if (trailers.length > 0) res.addTrailers(Object.fromEntries(trailers));
    res.end();
  });
  answer.pipe(res, { end: false });
}
