import { withConnection } from '../ssh/pool/with-connection.ts';
import type { Lease } from '../ssh/types.ts';
import { findKept } from './kept/find-kept.ts';
import { closeKeptTerminal, lookForKept, openKeptTerminal } from './kept/kept-terminals.ts';
import { attachScript } from './kept/program.ts';
import { openHeld, openOnTarget, type TerminalsDeps } from './open-on-target.ts';
import type { Target, Terminals } from './types.ts';

export function createTerminals(deps: TerminalsDeps): Terminals {
  const { connections, instances } = deps;
  const clusterOf = (target: Target) =>
    'clusterId' in target ? target.clusterId : instances.get(target.appId).clusterId;
  return {
    openCommand: (target, script, options) =>
      openOnTarget(deps, target, script, options, (connection, text) =>
        connection.openCommand(text ?? script, options),
      ),
    openTerminal: (target, { script, ...options }) =>
      openOnTarget(deps, target, script ?? null, options, (connection, text) =>
        connection.openTerminal({ ...options, ...(text === null ? {} : { script: text }) }),
      ),
    openKept: (target, { script, title, ...options }) =>
      openOnTarget(deps, target, script ?? null, options, async (connection, text, { isInJob, closed }) => ({
        ...(await openKeptTerminal(connection, {
          ...options,
          clusterId: clusterOf(target),
          title,
          script: text,
          isInJob,
        })),
        closed,
      })),
    attachKept: (asked, options) =>
      openHeld(connections, asked.clusterId, options.signal, async (connection, hold) => {
        const found = await findKept(connection, asked, hold, options.signal);
        const terminal = await found.connection.openTerminal({ ...options, script: attachScript(asked.id) });
        return { ...terminal, kept: found.kept, closed: connection.closed };
      }),
    listKept: (clusterId, signal) =>
      withConnection(connections, clusterId, signal, async (connection) => {
        const { terminals } = await lookForKept(connection, clusterId, signal);
        return terminals.toSorted((a, b) => a.startedAt - b.startedAt);
      }),
    async closeKept(asked, signal) {
      const first = await connections.acquire(asked.clusterId, signal);
      const leases = [first];
      try {
        const hold = (lease: Lease) => leases.push(lease);
        const found = await findKept(first.connection, asked, hold, signal);
        await closeKeptTerminal(found.connection, asked.id, signal);
      } finally {
        for (const lease of leases.reverse()) lease.release();
      }
    },
  };
}
