import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { AppError } from '../../electron/shared/errors.ts';
import { isUp } from '../../electron/shared/instance-policy.ts';
import { get, throughGateway } from '../app-request.ts';
import { isSettled } from '../follow.ts';
import { type OpenCore, withCore } from '../open-core.ts';
import { guarded, printJson } from '../output.ts';
import { findCluster, findInstance } from '../places.ts';
import { untilReached } from '../settling.ts';
import { type TargetOptions, targetOf } from '../tunnel-policy.ts';

interface Options extends TargetOptions {
  app?: string;
  json?: boolean;
}

export function apiGetCommand(program: Command): void {
  program
    .command('api-get [cluster] [path]')
    .usage('[options] (<cluster> --socket S | <cluster> --port N | --app <id>) <path>')
    .description(
      'prints what a program there answers to a GET: tunel api-get --app ID /api/status; exit code 1 where its status is 400 or more',
    )
    .option('--app <id>', 'a running app; its credentials are added')
    .option('--socket <path>', 'a Unix socket there')
    .option('--port <n>', 'a port there')
    .option('--node <name>', 'on this node, instead of the login node')
    .option('--json', 'status, type and body as JSON')
    .action((first: string | undefined, second: string | undefined, options: Options) =>
      guarded(options.json === true, () => {
        const [cluster, path] = options.app === undefined ? [first, second] : [undefined, first];
        if (path === undefined || !path.startsWith('/')) {
          throw new AppError('bad-input', 'Give the path that is asked for, beginning with /.', {
            hint: 'See: tunel api-get --help',
          });
        }
        const isApp = options.app !== undefined;
        return withCore({ resume: isApp, demo: isApp || cluster === 'demo' }, async (open) => {
          const show = (answer: IncomingMessage) => print(answer, path, options.json === true);
          if (isApp) await show(await ofApp(open, options.app ?? '', path));
          else await ofTarget(open, cluster ?? '', options, path, show);
        });
      }),
    );
}

async function ofApp(open: OpenCore, id: string, path: string): Promise<IncomingMessage> {
  const app = findInstance(open.state(), id);
  const ready = await untilReached(open, app, (now) => isUp(now.state) || isSettled(now));
  if (isSettled(ready)) throw new AppError('not-ready', `${ready.title} is ${ready.state}.`);
  if (ready.path === '' && ready.endpoint === null) throw new AppError('bad-input', `${ready.title} serves nothing.`);
  return get(throughGateway(open.core.viewAccess(app.id)), path, open.interrupted);
}

async function ofTarget(
  open: OpenCore,
  cluster: string,
  options: TargetOptions,
  path: string,
  show: (answer: IncomingMessage) => Promise<void>,
): Promise<void> {
  const target = targetOf(options);
  const { id } = findCluster(open.state(), cluster);
  const tunnel = await open.core.tunnels.openTunnel(id, target, open.interrupted);
  const way = { host: 'localhost', headers: {}, open: () => tunnel.open(open.interrupted) };
  try {
    await show(await get(way, path, open.interrupted));
  } finally {
    tunnel.close();
  }
}

async function print(answer: IncomingMessage, path: string, json: boolean): Promise<void> {
  const { statusCode: status = 0, statusMessage = '', headers } = answer;
  if (json) {
    const text = (await buffer(answer)).toString('utf8');
    printJson({ status, type: headers['content-type'] ?? '', body: parsed(text) });
    if (status >= 400) process.exitCode = 1;
    return;
  }
  await pipeline(answer, process.stdout, { end: false });
  if (status >= 400)
    throw new AppError('command-failed', `${path} was answered with ${status} ${statusMessage}`.trim());
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
