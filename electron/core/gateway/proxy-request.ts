import type { ClientRequest, IncomingMessage } from 'node:http';
import { AppError } from '../../shared/errors.ts';
import { onAbort } from '../../shared/on-abort.ts';
import type { Logger } from '../deps.ts';
import {
  breakOff,
  type FrontRequest,
  type FrontResponse,
  hasBody,
  sendHead,
  sendHeaders,
  sendOwn,
  wasCut,
} from './answer.ts';
import { Unreachable } from './app-channel.ts';
import { bodyFraming, isEventStream, isNavigation, type Sides } from './headers.ts';
import { isRepeatable, seesWaitingPage } from './hold-policy.ts';
import { messagePage, plainAnswer, waitingPage } from './pages.ts';
import { passBytes } from './pass-bytes.ts';
import { type ProxiedApp, requestHeadersTo, responseHeadersFrom } from './proxied-app.ts';
import { RefusedAnswer } from './upstream-head.ts';
import type { Channel } from './upstream-pool.ts';
import { requestOn } from './upstream-request.ts';

/** The channel failed before the first byte of an answer. */
class NoAnswer extends Error {}

/** The app wants to be signed in to again (`serve.login`). */
class SignedOut extends Error {}

/** One request of the page and its answer. */
interface Exchange {
  app: ProxiedApp;
  sides: Sides;
  req: FrontRequest;
  res: FrontResponse;
  sendsBody: boolean;
  /** Fires when the page has closed its request. */
  gone: AbortSignal;
}

const DOUBT = ' What you sent may or may not have been done.';

const MOST_ATTEMPTS = 5;

/** Made once: each answer ends with it. */
const GONE = new AppError('cancelled', 'The page has closed its request.');

/** Passes one request of the page to the app. Never rejects: whatever happens becomes an answer or a broken one. */
export async function proxyRequest(
  app: ProxiedApp,
  sides: Sides,
  req: FrontRequest,
  res: FrontResponse,
  logger: Logger,
): Promise<void> {
  const gone = new AbortController();
  res.once('close', () => gone.abort(GONE));
  const method = req.method ?? 'GET';
  const { channel: appChannel, signIn } = app;
  const exchange: Exchange = { app, sides, req, res, sendsBody: hasBody(req), gone: gone.signal };
  const repeatable = isRepeatable(method, exchange.sendsBody);
  const patient = !seesWaitingPage(method, req.headers);
  const deadline = appChannel.deadline();
  const kind = isEventStream(req.headers.accept) ? 'long' : 'brief';
  let signedInAgain = false;
  for (let attempt = 1; ; attempt += 1) {
    let channel: Channel | null = null;
    try {
      await signIn?.ready(gone.signal, patient);
      channel = await appChannel.acquire({ signal: gone.signal, sending: !repeatable, patient, deadline, kind });
      await runExchange(exchange, channel);
      return;
    } catch (error) {
      if (gone.signal.aborted) return;
      if (res.headersSent) return breakOff(res);
      if (error instanceof SignedOut && repeatable && !signedInAgain) {
        signedInAgain = true;
        continue;
      }
      const lost = error instanceof NoAnswer;
      const wasReused = lost && channel?.reused === true;
      if (wasReused) appChannel.pool.reportUnanswered();
      const mayWorkNow = wasReused || attempt === 1 || appChannel.target.status().state !== 'up';
      if (lost && repeatable && mayWorkNow && attempt < MOST_ATTEMPTS) continue;
      logger.debug('No answer from the app', { instance: appChannel.target.id, method, attempt });
      sendOwn(req, res, failureAnswer(error, req, patient, (lost || error instanceof RefusedAnswer) && !repeatable));
      return;
    }
  }
}

function failureAnswer(error: unknown, req: FrontRequest, patient: boolean, sent: boolean) {
  const navigation = isNavigation(req.headers);
  const again = req.method === 'GET';
  const answer = (status: number, title: string, message: string) =>
    navigation ? messagePage(status, title, message, again) : plainAnswer(status, `${title} ${message}`.trim());
  if (error instanceof Unreachable) {
    if (error.kind === 'ended') return answer(410, 'This app has ended.', error.message);
    if (error.kind === 'failed') return answer(502, 'The app does not answer.', error.message);
    if (!patient) return waitingPage(error.message);
    return answer(
      503,
      'The app cannot be reached.',
      `${error.message} What you sent was not delivered: send it again.`,
    );
  }
  if (error instanceof SignedOut) {
    return answer(503, 'The app wanted a new sign-in.', 'It was not done: try it again.');
  }
  if (error instanceof AppError && error.code === 'auth-failed') {
    return answer(502, error.message, error.hint ?? '');
  }
  if (error instanceof RefusedAnswer) {
    return answer(502, 'The app gave no usable answer.', `${error.message}${sent ? DOUBT : ''}`);
  }
  const message = error instanceof NoAnswer ? error.message : 'The request could not be passed on to the app.';
  return answer(502, 'The app gave no answer.', `${message}${sent ? DOUBT : ''}`);
}

/** Resolves when the answer has begun; the rest streams with back pressure. Rejects with NoAnswer before that. */
function runExchange(exchange: Exchange, channel: Channel): Promise<void> {
  const { req, res, gone } = exchange;
  return new Promise((resolve, reject) => {
    let begun = false;
    const request = openRequest(exchange, channel);
    request.once('close', () => {
      forget();
      if (!begun) reject(new NoAnswer('The app closed the connection before it answered.'));
    });
    request.once('continue', () => res.writeContinue());
    request.once('response', (answer) => {
      begun = true;
      try {
        checkSignedIn(exchange, answer);
        if (isEventStream(answer.headers['content-type'])) exchange.app.channel.pool.markLong(channel);
        sendAnswer(exchange, answer);
        resolve();
      } catch (error) {
        if (!(error instanceof SignedOut)) request.destroy();
        reject(error);
      }
    });
    request.on('error', (error) => {
      stopBody();
      if (exchange.sendsBody) req.resume();
      reject(noAnswer(error));
    });
    const stopBody = sendBody(exchange, request);
    const forget = onAbort(gone, () => request.destroy());
  });
}

function openRequest({ app, req, sides, sendsBody }: Exchange, channel: Channel): ClientRequest {
  const { pool } = app.channel;
  try {
    const headers = { ...requestHeadersTo(app, req, sides), ...bodyFraming(req.headers, sendsBody) };
    return requestOn(pool, channel, { method: req.method ?? 'GET', path: req.url ?? '/', headers });
  } catch (error) {
    pool.release(channel, false);
    throw error;
  }
}

/** @throws SignedOut when the app wants a sign-in that the page cannot be sent to */
function checkSignedIn({ app: { signIn }, req }: Exchange, answer: IncomingMessage): void {
  if (!signIn?.leadsToLogin(answer, req.url ?? '/')) return;
  signIn.forget();
  // A form's own page goes on to where the gateway signs in; what else was sent cannot be shown a page.
  const isFormPage = req.method !== 'GET' && req.method !== 'HEAD' && isNavigation(req.headers);
  if (isFormPage) return;
  answer.resume();
  throw new SignedOut();
}

function noAnswer(error: Error): Error {
  if (error instanceof RefusedAnswer) return error;
  return new NoAnswer('The app, or the route to it, closed the connection before it answered.', { cause: error });
}

/** Returns what stops it. */
function sendBody({ req, sendsBody }: Exchange, request: ClientRequest): () => void {
  if (!sendsBody) {
    request.end();
    return () => undefined;
  }
  sendHeaders(request);
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
  return passBytes(req, request);
}

function sendAnswer({ app, sides, req, res }: Exchange, answer: IncomingMessage): void {
  answer.on('error', () => breakOff(res));
  answer.once('aborted', () => breakOff(res));
  const headers = responseHeadersFrom(app, answer, req.url ?? '/', sides);
  sendHead(res, answer.statusCode ?? 502, answer.statusMessage ?? '', headers);
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
  passBytes(answer, res);
}
