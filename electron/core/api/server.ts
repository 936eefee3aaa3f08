import { setMaxListeners } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { WebSocketServer } from 'ws';
import {
  eventsPath,
  openApiPath,
  requestPath,
  revisionHeader,
  streamPath,
  versionHeader,
} from '../../client/engine-paths.ts';
import { listenPrivately } from '../../client/private-socket.ts';
import { engineRequests, streams } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { onAbort } from '../../shared/on-abort.ts';
import type { Caller } from '../../shared/tokens.ts';
import type { Core } from '../core.ts';
import type { Clock, Logger } from '../deps.ts';
import { unlessAborted } from '../unless-aborted.ts';
import type { Activity } from './activity.ts';
import { type AdmissionPolicy, admit } from './admission.ts';
import { callerLife } from './caller-life.ts';
import { sendEvents } from './event-stream.ts';
import { openApiDocument } from './openapi.ts';
import { problemOf } from './problem.ts';
import { serveStream } from './serve-stream.ts';

const MAX_BODY = 16 * 1024 * 1024;
/** How long clients may take to read why the engine ends, ms. */
const FAREWELL_LIMIT = 1000;

interface ServerDeps {
  core: Core;
  clock: Clock;
  activity: Activity;
  admission: AdmissionPolicy;
  logger: Logger;
}

/** Answers clients on a private socket until closed. @throws AppError `storage` where it cannot listen */
export async function serveApi(socketPath: string, deps: ServerDeps): Promise<ApiServer> {
  const stopping = new AbortController();
  // Every request and stream that is open waits for it.
  setMaxListeners(0, stopping.signal);
  const server = createServer(getRequestListener(createRoutes(deps, stopping.signal).fetch));
  server.on('error', (error) => deps.logger.warn('The engine cannot accept', { error: error.message }));
  const closeStreams = acceptStreams(server, deps, stopping.signal);
  await listen(server, socketPath);
  return {
    async close(reason) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if (reason) {
        stopping.abort(reason);
        await Promise.race([closed, sleep(FAREWELL_LIMIT, undefined, { ref: false })]);
      }
      server.closeAllConnections();
      closeStreams();
      await closed;
    },
  };
}

export interface ApiServer {
  /** Ends all connections; `reason`: sent to the clients before. */
  close(reason: AppError | null): Promise<void>;
}

type Env = { Bindings: HttpBindings; Variables: { caller: Caller } };

function createRoutes(deps: ServerDeps, stopping: AbortSignal): Hono<Env> {
  const { admission, logger } = deps;
  const routes = new Hono<Env>();
  routes.use(async (context, next) => {
    context.header(versionHeader, admission.version);
    context.set('caller', admit(context.env.incoming.headers, context.req.path, admission));
    await next();
  });
  routes.use(
    bodyLimit({
      maxSize: MAX_BODY,
      onError: async ({ req }) => {
        const { body } = req.raw;
        // A client that still sends would see a broken connection instead of the answer.
        if (body && !body.locked) await body.pipeTo(new WritableStream());
        throw new AppError('bad-input', 'The body is larger than 16 MiB.');
      },
    }),
  );
  for (const name of Object.keys(engineRequests)) {
    routes.post(requestPath(name), (context) => answerRequest(context, name, deps, stopping));
  }
  routes.get(eventsPath, (context) => answerEvents(context, deps, stopping));
  routes.get(openApiPath, (context) => context.json(openApiDocument(admission.version)));
  routes.notFound((context) => {
    throw new AppError(
      'not-found',
      message`There is no ${{ method: context.req.method }} ${{ path: context.req.path }}.`,
    );
  });
  routes.onError((error, context) => {
    const { status, body } = problemOf(error);
    if (status === 500) logger.error(`${context.req.path} failed`, { error: error.stack ?? error.message });
    return context.body(body, status as ContentfulStatusCode, { 'content-type': 'application/problem+json' });
  });
  return routes;
}

async function answerRequest(
  context: Context<Env>,
  name: string,
  { core, activity }: ServerDeps,
  stopping: AbortSignal,
): Promise<Response> {
  const end = activity.begin('requests');
  try {
    const input = await inputOf(context);
    const signal = AbortSignal.any([clientSignal(context), stopping]);
    const value = await unlessAborted(core.request(name, input, signal, context.get('caller')), stopping);
    context.header(revisionHeader, String(core.snapshot().revision));
    return value === undefined ? context.body(null, 204) : context.json(value);
  } finally {
    end();
  }
}

/** @throws AppError `not-permitted`, `bad-input` or a refusal of the token before anything is sent */
async function answerEvents(
  context: Context<Env>,
  { core, clock, activity }: ServerDeps,
  stopping: AbortSignal,
): Promise<typeof RESPONSE_ALREADY_SENT> {
  const caller = context.get('caller');
  const answersPrompts = context.req.query('prompts') === '1';
  if (answersPrompts && caller.kind === 'token') {
    throw new AppError('not-permitted', "Only the user's own clients may answer questions of a sign-in.");
  }
  const lastEventId = eventIdOf(context.req.header('last-event-id'));
  const leaving = AbortSignal.any([clientSignal(context), stopping]);
  await unlessAborted(core.admitSubscriber(caller, leaving), leaving);
  const life = callerLife(core, clock, caller);
  const ends = [life.end, activity.begin('clients'), ...(answersPrompts ? [activity.begin('prompters')] : [])];
  sendEvents(context.env.outgoing as ServerResponse, {
    core,
    caller,
    stopping: AbortSignal.any([stopping, life.signal]),
    lastEventId,
    onEnd() {
      for (const end of ends) end();
    },
  });
  return RESPONSE_ALREADY_SENT;
}

/** Fires with `cancelled` when the client goes; the server's own signal has a reason that is no error of ours. */
function clientSignal({ req }: Context): AbortSignal {
  const leaving = new AbortController();
  onAbort(req.raw.signal, () => leaving.abort(new AppError('cancelled', 'The client has gone.')));
  return leaving.signal;
}

/** @throws AppError `bad-input` */
function eventIdOf(header: string | undefined): number | null {
  if (header === undefined || header === '') return null;
  if (!/^\d{1,15}$/.test(header)) throw new AppError('bad-input', 'Last-Event-ID is not the id of an event of Tunel.');
  return Number(header);
}

async function inputOf(context: Context): Promise<unknown> {
  const body = await context.req.text();
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new AppError('bad-input', 'The body is not JSON.', { cause });
  }
}

/** The returned function closes those that are open. */
function acceptStreams(
  server: Server,
  { core, clock, activity, admission }: ServerDeps,
  stopping: AbortSignal,
): () => void {
  const names = new Map(Object.keys(streams).map((name) => [streamPath(name), name]));
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: 64 * 1024 * 1024,
    // What follows the first frame is for listeners that are added once it was read.
    allowSynchronousEvents: false,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node has taken its own listener off; a client may go before it reads that it is refused.
    socket.on('error', () => socket.destroy());
    const path = request.url ?? '';
    const name = names.get(path);
    let caller: Caller;
    try {
      caller = admit(request.headers, path, admission);
      if (name === undefined)
        throw new AppError('not-found', message`There is no stream at ${{ path: path.slice(0, 100) }}.`);
    } catch (error) {
      refuseUpgrade(socket, error);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      const end = activity.begin('streams');
      const life = callerLife(core, clock, caller);
      opened.once('close', () => {
        life.end();
        end();
      });
      void serveStream({ core, name, caller }, opened, AbortSignal.any([stopping, life.signal]));
    });
  });
  return () => {
    for (const socket of sockets.clients) socket.terminate();
  };
}

function refuseUpgrade(socket: Duplex, error: unknown): void {
  const { status, body } = problemOf(error);
  const head = [
    `HTTP/1.1 ${status} Refused`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** The caller has the engine's lock, so a socket that is left there is nobody's. */
async function listen(server: Server, path: string): Promise<void> {
  const isFile = process.platform !== 'win32';
  if (isFile) rmSync(path, { force: true });
  try {
    await new Promise<void>((resolve, reject) => {
      server.on('error', reject);
      server.once('listening', () => resolve());
      listenPrivately(server, path);
    });
    if (isFile) chmodSync(path, 0o600);
  } catch (cause) {
    throw new AppError('storage', message`The engine cannot listen on ${{ path }}.`, {
      hint: 'Check that the disk has space and the folder is yours.',
      detail: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}
