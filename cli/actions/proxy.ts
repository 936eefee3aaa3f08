import { AppError } from '../../electron/shared/errors.ts';
import { message } from '../../electron/shared/messages.ts';
import { findSshHost } from '../../electron/shared/ssh-host-names.ts';
import { demoFor, type StateSession, withEngineState } from '../engine-session.ts';
import { findTarget } from '../find-instance.ts';
import { printProgress } from '../output.ts';
import { connectStdio } from '../stream-stdio.ts';

export interface ProxyOptions {
  app?: string;
  node?: string;
  host?: string;
  dataDirectory?: string;
}

/** @returns the exit code */
export function openProxy(cluster: string | undefined, options: ProxyOptions): Promise<number> {
  const { app, node, host } = options;
  if ([cluster, app, host].filter((each) => each !== undefined).length > 1) {
    throw new AppError('bad-input', 'Give one of a cluster, --app and --host.');
  }
  if (node !== undefined && cluster === undefined) {
    throw new AppError('bad-input', 'A node is one of a cluster: tunel proxy CLUSTER --node NAME');
  }
  const demo = cluster === undefined ? ({ demo: 'if-used' } as const) : demoFor(cluster);
  return withEngineState({ connects: true, ...demo }, async (session) => {
    const found = host === undefined ? await findTarget(session, cluster, app) : findHost(session, host);
    const target = 'clusterId' in found && node !== undefined ? { ...found, node } : found;
    const stream = await session.openStream('proxies.connect', {
      target,
      ...(host === undefined ? {} : { hostName: host }),
    });
    session.stopFollowing();
    if (stream.opened.via === 'own-sshd') {
      printProgress(`No sshd of your own is started on ${stream.opened.node}: its own one asks you to sign in again.`);
    }
    return connectStdio(stream);
  });
}

function findHost({ state }: Pick<StateSession, 'state'>, host: string) {
  const { clusters, instances } = state();
  const found = findSshHost(host, { clusters: clusters.map(({ cluster }) => cluster), instances });
  if (found) return found;
  throw new AppError('not-found', message`No cluster or running app has the name ${{ host }}.`, {
    hint: 'See the names with: tunel ssh-config hosts',
  });
}
