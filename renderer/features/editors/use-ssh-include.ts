import { useEffect, useState } from 'react';
import type { Editor } from '../../../electron/shared/editors.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import type { SshInclude } from '../../../electron/shared/ssh-hosts.ts';
import { invoke } from '../../bridge.ts';
import { useStore } from '../../store.ts';

interface Shown {
  include: SshInclude;
  editors: Editor[];
  /** The home directory; null: not known without a connection. */
  home: string | null;
}

async function load(clusterId: string, isConnected: boolean): Promise<Shown> {
  const [include, editors, facts] = await Promise.all([
    invoke('proxies.sshInclude', undefined),
    invoke('desktop.editors', undefined),
    isConnected ? invoke('clusters.facts', { id: clusterId }) : null,
  ]);
  return { include, editors, home: facts?.home ?? null };
}

export interface SshIncludeState {
  /** null: it is being read. */
  shown: Shown | null;
  error: AppError | null;
  change: (name: 'proxies.addSshInclude' | 'proxies.removeSshInclude') => Promise<void>;
}

/** What ~/.ssh/config knows of Tunel's hosts, and the editors that are installed. */
export function useSshInclude(clusterId: string): SshIncludeState {
  const isConnected = useStore((state) =>
    state.clusters.some(({ cluster, connection }) => cluster.id === clusterId && connection.state === 'connected'),
  );
  const [shown, setShown] = useState<Shown | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  useEffect(() => {
    load(clusterId, isConnected).then(setShown, (failure: unknown) => setError(AppError.from(failure)));
  }, [clusterId, isConnected]);
  const change: SshIncludeState['change'] = (name) =>
    invoke(name, undefined).then(
      (include) => setShown((before) => before && { ...before, include }),
      (failure: unknown) => setError(AppError.from(failure)),
    );
  return { shown, error, change };
}
