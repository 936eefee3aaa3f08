import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import {
  clusterEventsPath,
  eventsPath,
  openApiPath,
  requestPath,
  revisionHeader,
  versionHeader,
} from '../../client/engine-paths.ts';
import type { RequestDefinition } from '../../shared/contract/define.ts';
import { parametersOf, patternOf } from '../../shared/contract/http-route.ts';
import { engineRequests } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { admit } from './admission.ts';
import { answerBytes } from './answer-bytes.ts';
import { answerEvents } from './answer-events.ts';
import { withIdempotencyKey } from './idempotency-key.ts';
import { openApiDocument } from './openapi.ts';
import { problemOf } from './problem.ts';
import { limitBody, readJson } from './read-body.ts';
import { type ResourceCall, ResourceInput } from './resource-input.ts';
import { type Resource, resources } from './resources.ts';
import { clientSignal, type Env, type RouteDeps } from './route-context.ts';

/** Everything that is answered over HTTP, derived from the contract. */
export function createRoutes(deps: RouteDeps): Hono<Env> {
  const { admission, logger } = deps;
  const routes = new Hono<Env>();
  routes.use(async (context, next) => {
    context.header(versionHeader, admission.version);
    context.set('caller', admit(context.env.incoming.headers, context.req.path, admission));
    await next();
  });
  for (const [name, definition] of Object.entries<RequestDefinition>(engineRequests)) {
    routes.post(requestPath(name), limitBody, async (context) =>
      answerRequest(context, deps, { name, definition }, { input: await readJson(context) }),
    );
  }
  for (const resource of resources()) addResource(routes, deps, resource);
  // HEAD is answered as GET without its body, and would begin a subscription that nobody can read.
  routes.use(eventsPath, refuseHead);
  routes.use(clusterEventsPath.replace('{clusterId}', ':clusterId'), refuseHead);
  routes.get(eventsPath, (context) => answerEvents(context, deps, null));
  routes.get(clusterEventsPath.replace('{clusterId}', ':clusterId'), (context) =>
    answerEvents(context, deps, context.req.param('clusterId') ?? ''),
  );
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

async function refuseHead({ req }: Context<Env>, next: () => Promise<void>): Promise<void> {
  if (req.method === 'HEAD') throw new AppError('not-found', message`There is no HEAD ${{ path: req.path }}.`);
  await next();
}

function addResource(routes: Hono<Env>, deps: RouteDeps, resource: Resource): void {
  const { route } = resource;
  const input = new ResourceInput(resource, (reference) => deps.core.clusterIdOf(reference));
  const callOf = (context: Context<Env>, body: unknown) =>
    input.read({ parameters: parametersIn(context, resource), query: new URL(context.req.url).searchParams, body });
  if (resource.kind === 'stream') {
    routes.on(route.method, patternOf(route), (context) =>
      answerBytes(context, deps, resource, callOf(context, undefined)),
    );
    return;
  }
  routes.on(route.method, patternOf(route), limitBody, async (context) =>
    answerRequest(context, deps, resource, callOf(context, await readJson(context))),
  );
}

/** @throws AppError `bad-input` for one that is not encoded as it should be */
function parametersIn({ req }: Context, { route }: Resource): Record<string, string> {
  const given = parametersOf(route).map(({ name }) => [name, req.param(name) ?? ''] as const);
  const broken = given.find(([, value]) => /[\0\r\n\ufffd]/.test(value));
  if (broken)
    throw new AppError('bad-input', message`The path has no ${{ name: broken[0] }} that is one line of text.`);
  return Object.fromEntries(given);
}

async function answerRequest(
  context: Context<Env>,
  { core, activity, stopping }: RouteDeps,
  { name, definition }: Pick<Resource, 'name' | 'definition'>,
  { input: given, clusterId }: ResourceCall,
): Promise<Response> {
  const end = activity.begin('requests');
  try {
    const signal = AbortSignal.any([clientSignal(context), stopping]);
    const caller = context.get('caller');
    const input = withIdempotencyKey(given, context.req.header('idempotency-key'), definition);
    const value = await unlessAborted(core.answer(name, input, { caller, signal, clusterId }), stopping);
    // A token follows no state: its client would wait for this revision for ever.
    if (caller.kind === 'owner') context.header(revisionHeader, String(core.snapshot().revision));
    return value === undefined ? context.body(null, 204) : context.json(value);
  } finally {
    end();
  }
}
