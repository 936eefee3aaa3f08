import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../electron/shared/errors.ts';
import { isUp } from '../../electron/shared/instance-policy.ts';
import { message } from '../../electron/shared/messages.ts';
import { demoFor, type StateOptions, type StateSession, withEngineState } from '../engine-session.ts';
import { findCluster, isSettled } from '../find-in-state.ts';
import { findInstance } from '../find-instance.ts';
import { httpGet } from '../http-get.ts';
import type { JsonOption } from '../json-option.ts';
import { printJson } from '../output.ts';
import { type TargetOptions, targetOf } from '../tunnel-policy.ts';
import { UsageError } from '../usage-error.ts';
import { untilReached } from '../wait-for-connection.ts';

export interface ApiGetOptions extends TargetOptions, JsonOption {
  app?: string;
}

export async function apiGet(
  first: string | undefined,
  second: string | undefined,
  options: ApiGetOptions,
): Promise<void> {
  const { app } = options;
  const [cluster, path] = app === undefined ? [first, second] : [undefined, first];
  if (path === undefined || !path.startsWith('/')) {
    throw new UsageError('Give the path that is asked for, beginning with /.', {
      hint: 'See: tunel api-get --help',
    });
  }
  const needs: StateOptions =
    app === undefined ? { connects: true, ...demoFor(cluster) } : { resumes: true, demo: 'if-used' };
  await withEngineState(needs, async (session) => {
    const print = (answer: IncomingMessage) => printAnswer(answer, path, options.json === true);
    if (app !== undefined) await print(await getFromApp(session, app, path));
    else await getFromTarget(session, cluster ?? '', options, path, print);
  });
}

async function getFromApp(session: StateSession, id: string, path: string): Promise<IncomingMessage> {
  const app = await findInstance(session, id);
  const ready = await untilReached(session, app, (now) => isUp(now.state) || isSettled(now));
  if (isSettled(ready))
    throw new AppError('not-ready', message`${{ title: ready.title }} is ${{ state: ready.state }}.`);
  if (ready.path === '' && ready.endpoint === null)
    throw new AppError('bad-input', message`${{ title: ready.title }} serves nothing.`);
  const open = async () => {
    const { data, opened } = await session.openStream('instances.connect', { id: app.id });
    return { stream: data, ...opened };
  };
  return httpGet(open, path, session.interrupted);
}

/** The route is held until the answer was printed, so that a redirect does not look for it again. */
async function getFromTarget(
  session: StateSession,
  cluster: string,
  options: TargetOptions,
  path: string,
  print: (answer: IncomingMessage) => Promise<void>,
): Promise<void> {
  const target = targetOf(options);
  const input = { clusterId: findCluster(session.state(), cluster).id, target };
  const held = await session.openStream('tunnels.hold', input);
  const open = async () => {
    const { data } = await session.openStream('tunnels.connect', input);
    return { stream: data, host: 'localhost', headers: {} };
  };
  try {
    await print(await httpGet(open, path, session.interrupted));
  } finally {
    held.data.destroy();
  }
}

async function printAnswer(answer: IncomingMessage, path: string, json: boolean): Promise<void> {
  const { statusCode: status = 0, statusMessage = '', headers } = answer;
  if (json) {
    const text = (await buffer(answer)).toString('utf8');
    printJson({ status, type: headers['content-type'] ?? '', body: parseIfJson(text) });
    if (status >= 400) process.exitCode = 1;
    return;
  }
  await pipeline(answer, process.stdout, { end: false });
  if (status >= 400)
    throw new AppError(
      'command-failed',
      statusMessage
        ? message`${{ path }} was answered with ${{ status }} ${{ statusMessage }}`
        : message`${{ path }} was answered with ${{ status }}`,
    );
}

function parseIfJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
