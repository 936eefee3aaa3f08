import { z } from 'zod';
import { serializedErrorSchema } from '../shared/error-schemas.ts';
import { AppError } from '../shared/errors.ts';
import { streamControlSchema } from './byte-stream.ts';

/** The one name of the engine in a request's Host header. */
export const engineHostName = 'tunel';
/** Names the version of a client in its requests, and of the engine in its answers. */
export const versionHeader = 'tunel-version';

/** `clusters.save` is asked for at `/v1/clusters/save`. */
export const requestPath = (name: string): string => `/v1/${name.replace('.', '/')}`;
export const eventsPath = '/v1/events';
export const streamPath = (name: string): string => `/v1/streams/${name.replace('.', '/')}`;
export const openApiPath = '/v1/openapi.json';

/** RFC 9457, with the fields of our own errors beside its own. */
export const problemSchema = serializedErrorSchema.extend({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
});

/** @throws AppError `internal` for what is no problem document */
export function reviveProblem(text: string): AppError {
  try {
    return AppError.revive(problemSchema.parse(JSON.parse(text)));
  } catch (cause) {
    return new AppError('internal', 'The engine gave an answer that is none of its own.', {
      detail: text.slice(0, 500),
      cause,
    });
  }
}

/** Text frames of a stream; binary frames are one byte for the channel and then bytes of it. */
export const streamMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opened'), value: z.unknown(), hasStderr: z.boolean() }),
  z.object({ kind: z.literal('control'), message: streamControlSchema }),
  /** No more bytes in this direction. */
  z.object({ kind: z.literal('end') }),
  z.object({ kind: z.literal('closed'), value: z.unknown() }),
  z.object({ kind: z.literal('failed'), error: serializedErrorSchema }),
]);
export type StreamMessage = z.infer<typeof streamMessageSchema>;

export const dataChannel = 0;
export const stderrChannel = 1;
