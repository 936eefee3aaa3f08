import type { LauncherName } from '../../shared/kinds.ts';
import type { ClusterFactsService } from '../clusters/cluster-facts.ts';
import type { Instances } from '../instances/types.ts';
import type { Launcher } from '../launchers/common/launcher.ts';
import type { Connection, Connections, Lease } from '../ssh/types.ts';
import { planAppAccess } from './app-access-policy.ts';
import type { Target } from './types.ts';

export interface TerminalsDeps {
  connections: Pick<Connections, 'acquire'>;
  instances: Pick<Instances, 'get'>;
  launchers: Readonly<Record<LauncherName, Launcher>>;
  facts: Pick<ClusterFactsService, 'read'>;
}

type Closable = { readonly ended: Promise<unknown> };

/** Opens something over a connection that is held until what was opened has ended. */
export async function openHeld<T extends Closable>(
  connections: Pick<Connections, 'acquire'>,
  clusterId: string,
  signal: AbortSignal | undefined,
  open: (connection: Connection, hold: (lease: Lease) => void) => Promise<T>,
): Promise<T> {
  const first = await connections.acquire(clusterId, signal);
  const leases = [first];
  const release = () => {
    for (const lease of leases.reverse()) lease.release();
  };
  try {
    const opened = await open(first.connection, (lease) => leases.push(lease));
    void opened.ended.then(release);
    return opened;
  } catch (error) {
    release();
    throw error;
  }
}

interface OpenedWhere {
  /** It ends with the step of the job that it runs in. */
  isInJob: boolean;
  /** When the connection to the cluster closes, with the reason. */
  closed: AbortSignal;
}

/** Opens something on the login node, in an app's job by text for the login node, or on the node of an app. */
export function openOnTarget<T extends Closable>(
  { connections, instances, launchers, facts }: TerminalsDeps,
  target: Target,
  command: string | null,
  { signal, isWorkspace }: { signal?: AbortSignal | undefined; isWorkspace?: boolean },
  open: (connection: Connection, script: string | null, where: OpenedWhere) => Promise<T>,
): Promise<T> {
  if ('clusterId' in target) {
    return openHeld(connections, target.clusterId, signal, async (connection, hold) => {
      const where = { isInJob: false, closed: connection.closed };
      if (target.node === undefined) return open(connection, command, where);
      const lease = await connection.hop(target.node, signal);
      hold(lease);
      return open(lease.connection, command, where);
    });
  }
  const { clusterId } = instances.get(target.appId);
  return openHeld(connections, clusterId, signal, async (connection, hold) => {
    const { loginNode } = await facts.read(clusterId, connection, signal);
    // Read only now, because connecting may have brought news of the app.
    const instance = instances.get(target.appId);
    const launcher = launchers[instance.launcher];
    const access = planAppAccess({ instance, launcher, loginNode, command, ...(isWorkspace ? { isWorkspace } : {}) });
    const where = { isInJob: access.kind === 'job', closed: connection.closed };
    if (access.kind === 'login-node') return open(connection, command, where);
    if (access.kind === 'job') return open(connection, access.script, where);
    const lease = await connection.hop(access.node, signal);
    hold(lease);
    return open(lease.connection, command, where);
  });
}
