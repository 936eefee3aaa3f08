import type { LauncherName } from '../../shared/kinds.ts';
import type { ClusterFactsService } from '../clusters/cluster-facts.ts';
import type { Instances } from '../instances/types.ts';
import type { Launcher } from '../launchers/common/launcher.ts';
import type { Connection, Connections, Lease } from '../ssh/types.ts';
import { planAppAccess } from './app-access-policy.ts';
import type { Target, Terminals } from './types.ts';

interface TerminalsDeps {
  connections: Pick<Connections, 'acquire'>;
  instances: Pick<Instances, 'get'>;
  launchers: Readonly<Record<LauncherName, Launcher>>;
  facts: Pick<ClusterFactsService, 'read'>;
}

type Closable = { readonly ended: Promise<unknown> };

/** Opens something over a connection that is held until what was opened has ended. */
async function openHeld<T extends Closable>(
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

export function createTerminals({ connections, instances, launchers, facts }: TerminalsDeps): Terminals {
  /** Opens something on the login node, in an app's job by text for the login node, or on the node of an app. */
  function openOn<T extends Closable>(
    target: Target,
    command: string | null,
    { signal, isWorkspace }: { signal?: AbortSignal | undefined; isWorkspace?: boolean },
    open: (connection: Connection, script: string | null) => Promise<T>,
  ): Promise<T> {
    if ('clusterId' in target) {
      return openHeld(connections, target.clusterId, signal, async (connection, hold) => {
        if (target.node === undefined) return open(connection, command);
        const lease = await connection.hop(target.node, signal);
        hold(lease);
        return open(lease.connection, command);
      });
    }
    const { clusterId } = instances.get(target.appId);
    return openHeld(connections, clusterId, signal, async (connection, hold) => {
      const { loginNode } = await facts.read(clusterId, connection, signal);
      // Read only now, because connecting may have brought news of the app.
      const instance = instances.get(target.appId);
      const launcher = launchers[instance.launcher];
      const access = planAppAccess({ instance, launcher, loginNode, command, ...(isWorkspace ? { isWorkspace } : {}) });
      if (access.kind === 'login-node') return open(connection, command);
      if (access.kind === 'job') return open(connection, access.script);
      const lease = await connection.hop(access.node, signal);
      hold(lease);
      return open(lease.connection, command);
    });
  }

  return {
    openCommand: (target, script, options) =>
      openOn(target, script, options, (connection, text) => connection.openCommand(text ?? script, options)),
    openTerminal: (target, { script, ...options }) =>
      openOn(target, script ?? null, options, (connection, text) =>
        connection.openTerminal({ ...options, ...(text === null ? {} : { script: text }) }),
      ),
  };
}
