import { useEffect, useState } from 'react';
import type { ResolvedHost, SshConfigHost } from '../../../electron/shared/clusters.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { invoke } from '../../bridge.ts';

interface SshHosts {
  /** null until they have been read. */
  hosts: SshConfigHost[] | null;
  error: AppError | null;
  /** The alias chosen last, or ''. */
  picked: string;
  /** The alias that is being resolved, or ''. */
  resolving: string;
  pick: (alias: string) => Promise<void>;
}

/** The hosts of the user's SSH config, and resolving one as `ssh` itself would. */
export function useSshHosts(onPick: (host: ResolvedHost) => void): SshHosts {
  const [hosts, setHosts] = useState<SshConfigHost[] | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [picked, setPicked] = useState('');
  const [resolving, setResolving] = useState('');

  useEffect(() => {
    let stale = false;
    invoke('clusters.sshConfigHosts', undefined).then(
      (list) => !stale && setHosts(list),
      (failure) => !stale && setError(AppError.from(failure)),
    );
    return () => {
      stale = true;
    };
  }, []);

  const pick = async (alias: string) => {
    setResolving(alias);
    setError(null);
    try {
      onPick(await invoke('clusters.resolveSshConfig', { alias }));
      setPicked(alias);
    } catch (failure) {
      setError(AppError.from(failure));
    } finally {
      setResolving('');
    }
  };
  return { hosts, error, picked, resolving, pick };
}
