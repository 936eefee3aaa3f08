import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { text } from 'node:stream/consumers';
import { createParser } from 'eventsource-parser';
import { AppError, type SerializedError, throwIfAborted } from '../shared/errors.ts';
import type { ByteStream } from './byte-stream.ts';
import type { ClientEvent, CoreClient } from './core-client.ts';
import type { EngineEndpoint } from './engine-address.ts';
import { engineHostName, eventsPath, requestPath, revisionHeader, versionHeader } from './engine-paths.ts';
import { isNobodyThere, NotSentError } from './not-sent.ts';
import { reviveProblem } from './revive-problem.ts';
import { StateFollowers } from './state-followers.ts';

/** Talks to one engine by its socket. @throws NotSentError where no engine listens there */
export function createSocketClient(address: EngineEndpoint, version: string | null): CoreClient {
  const headers: Record<string, string> = {
    authorization: `Bearer ${address.token}`,
    host: engineHostName,
    ...(version !== null && { [versionHeader]: version }),
  };
  const options = (more: RequestOptions): RequestOptions => ({
    socketPath: address.socket,
    // A connection of its own for each request: a kept one could die under a request that must not be made twice.
    agent: false,
    ...more,
    headers: { ...headers, ...more.headers },
  });

  const followers = new StateFollowers();

  return {
    async request(name, input, signal) {
      throwIfAborted(signal);
      const body = input === undefined ? undefined : JSON.stringify(input);
      const outgoing = httpRequest(
        options({
          method: 'POST',
          path: requestPath(name),
          signal,
          headers: body === undefined ? {} : { 'content-type': 'application/json' },
        }),
      );
      outgoing.end(body);
      const response = await responseOf(outgoing, signal);
      const answer = await bodyOf(response, signal);
      if (response.statusCode !== 200 && response.statusCode !== 204) throw reviveProblem(answer);
      // Events come by another connection: who also follows the state sees what this request did before its answer.
      const revision = response.headers[revisionHeader];
      if (typeof revision === 'string') await followers.reached(Number(revision));
      return answer === '' ? (undefined as never) : (JSON.parse(answer) as never);
    },

    async subscribe(listener, { answersPrompts, signal }) {
      if (signal.aborted) return;
      const path = `${eventsPath}?prompts=${answersPrompts ? 1 : 0}`;
      const outgoing = httpRequest(options({ path, headers: { accept: 'text/event-stream' }, signal }));
      outgoing.end();
      const follower = followers.add(listener);
      try {
        await followEvents(outgoing, follower.listener, signal);
      } finally {
        follower.end();
      }
    },

    async openStream(name, input, signal) {
      // Only commands that open streams load it.
      const { openSocketStream } = await import('./open-stream.ts');
      return openSocketStream(address, headers, name, input, signal) as Promise<ByteStream<never, never>>;
    },
  };
}

function responseOf(outgoing: ClientRequest, signal: AbortSignal | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.on('error', (error) => {
      if (signal?.aborted) reject(AppError.from(signal.reason));
      else if (isNobodyThere(error)) reject(new NotSentError(error.message, { cause: error }));
      else reject(engineEnded(error));
    });
  });
}

async function bodyOf(response: IncomingMessage, signal: AbortSignal | undefined): Promise<string> {
  try {
    return await text(response);
  } catch (error) {
    throw signal?.aborted ? AppError.from(signal.reason) : engineEnded(error);
  }
}

/** Resolves when the signal fires; rejects with what ended the events otherwise. */
async function followEvents(
  outgoing: ClientRequest,
  listener: (event: ClientEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const response = await responseOf(outgoing, signal);
    if (response.statusCode !== 200) throw reviveProblem(await text(response));
    await readEvents(response, listener);
    throw engineEnded();
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof AppError || error instanceof NotSentError ? error : engineEnded(error);
  }
}

async function readEvents(response: IncomingMessage, listener: (event: ClientEvent) => void): Promise<void> {
  const parser = createParser({
    onEvent({ event, data }) {
      // The engine of this version wrote it; its shape is that of the contract.
      if (event === 'engine.stopped') throw AppError.revive(JSON.parse(data) as SerializedError);
      listener({ name: event, payload: JSON.parse(data) } as ClientEvent);
    },
  });
  response.setEncoding('utf8');
  for await (const chunk of response) parser.feed(chunk as string);
}

export function engineEnded(cause?: unknown): AppError {
  return new AppError('engine-down', 'The engine ended before it answered.', {
    hint: 'Running apps on clusters are not touched. Try again.',
    detail: cause instanceof Error ? cause.message : undefined,
    cause,
  });
}
