import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import { versionHeader } from '../../client/engine-paths.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { callerLife } from './caller-life.ts';
import { isFile } from './header-fields.ts';
import { fieldsOf } from './json-schema.ts';
import type { ResourceCall } from './resource-input.ts';
import type { Resource } from './resources.ts';
import { clientSignal, type Env, type RouteDeps } from './route-context.ts';
import { sendBytes, sendFile } from './serve-download.ts';
import { expectedVersion, receiveBytes } from './serve-upload.ts';

type StreamResource = Resource & { kind: 'stream' };

const fileMedia = 'application/octet-stream';

/** Carries the bytes of a stream of the contract as the body of a plain request or answer. @throws AppError before bytes are sent */
export async function answerBytes(
  context: Context<Env>,
  deps: RouteDeps,
  resource: StreamResource,
  { input, clusterId }: ResourceCall,
): Promise<Response> {
  const { core, clock, activity, admission } = deps;
  const caller = context.get('caller');
  const release = deps.open.streams.begin(caller);
  const end = activity.begin('streams');
  const life = callerLife(core, clock, caller, null);
  const signal = AbortSignal.any([clientSignal(context), deps.stopping, life.signal]);
  const call = { caller, signal, clusterId };
  const open = (fields: object) =>
    unlessAborted(core.open(resource.name, { ...Object(input), ...fields }, call), signal);
  try {
    if (resource.route.method === 'PUT') return await upload(context, resource, open, signal);
    const request = {
      method: context.req.method,
      header: (name: string) => context.req.header(name),
      open,
      context: call,
      clock,
      media: resource.definition.media ?? fileMedia,
      headers: { [versionHeader]: admission.version, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' },
    };
    const response = context.env.outgoing as ServerResponse;
    await (isFile(resource) ? sendFile(response, request) : sendBytes(response, request));
    return RESPONSE_ALREADY_SENT;
  } finally {
    life.end();
    end();
    release();
  }
}

async function upload(
  context: Context<Env>,
  resource: StreamResource,
  open: (fields: object) => ReturnType<RouteDeps['core']['open']>,
  signal: AbortSignal,
): Promise<Response> {
  const { properties } = fieldsOf(resource.definition.input) ?? { properties: {} };
  const length = Number(context.req.header('content-length') ?? Number.NaN);
  const ifVersion = expectedVersion(context.req.header('if-match'), context.req.header('if-none-match'));
  const stream = await open({
    ...('size' in properties && Number.isSafeInteger(length) && { size: length }),
    ...('ifVersion' in properties && { ifVersion }),
  });
  return context.json(await receiveBytes(context.env.incoming, stream, signal));
}
