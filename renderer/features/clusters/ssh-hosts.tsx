import { Loader, TextInput } from '@mantine/core';
import { IconCheck, IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { ResolvedHost, SshConfigHost } from '../../../electron/shared/clusters.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { invoke } from '../../bridge.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { stroke } from '../../components/icons.tsx';
import css from './ssh-hosts.module.css';

/** Hosts of the user's SSH config; a chosen one is resolved as `ssh` itself would. */
export function SshHosts({ onPick }: { onPick: (alias: string, host: ResolvedHost) => void }) {
  const [hosts, setHosts] = useState<SshConfigHost[] | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [text, setText] = useState('');
  const [picked, setPicked] = useState('');
  const [busy, setBusy] = useState('');

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
    setBusy(alias);
    setError(null);
    try {
      onPick(alias, await invoke('clusters.resolveSshConfig', { alias }));
      setPicked(alias);
    } catch (failure) {
      setError(AppError.from(failure));
    } finally {
      setBusy('');
    }
  };

  const shown = (hosts ?? []).filter((host) => host.alias.toLowerCase().includes(text.toLowerCase()));
  return (
    <section aria-label="From your SSH config">
      <TextInput
        label="From your SSH config"
        placeholder={hosts ? `Filter ${hosts.length} hosts` : 'Reading'}
        leftSection={<IconSearch size={16} stroke={stroke} aria-hidden />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {error && (
        <div style={{ marginBlockStart: 8 }}>
          <ErrorNote error={error} />
        </div>
      )}
      <div className={css.hosts}>
        {shown.map((host) => (
          <button
            key={host.alias}
            type="button"
            className={css.host}
            aria-pressed={picked === host.alias}
            disabled={busy !== ''}
            onClick={() => pick(host.alias)}
          >
            <span className="grow column">
              <span className="medium truncate">{host.alias}</span>
              <span className="text-xs text-tertiary truncate" title={host.file}>
                {host.file}
              </span>
            </span>
            {busy === host.alias && <Loader size={14} />}
            {picked === host.alias && busy === '' && <IconCheck size={16} stroke={stroke} aria-hidden />}
          </button>
        ))}
        {hosts && shown.length === 0 && (
          <p className="hint" style={{ padding: 8 }}>
            {hosts.length === 0
              ? 'Your SSH config names no host. Fill in the form instead.'
              : 'No host has these letters.'}
          </p>
        )}
      </div>
    </section>
  );
}
