import { Loader, TextInput } from '@mantine/core';
import { IconCheck, IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { ResolvedHost, SshConfigHost } from '../../../electron/shared/clusters.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { stroke } from '../../components/icons.tsx';
import css from './ssh-hosts.module.css';
import { useSshHosts } from './use-ssh-hosts.ts';

function HostRow(props: {
  host: SshConfigHost;
  isPicked: boolean;
  isResolving: boolean;
  isDisabled: boolean;
  onPick: (alias: string) => void;
}) {
  const { host, isPicked, isResolving, isDisabled, onPick } = props;
  return (
    <button
      type="button"
      className={css.host}
      aria-pressed={isPicked}
      disabled={isDisabled}
      onClick={() => onPick(host.alias)}
    >
      <span className="grow column">
        <span className="medium truncate">{host.alias}</span>
        <span className="text-xs text-tertiary truncate" title={host.file}>
          {host.file}
        </span>
      </span>
      {isResolving && <Loader size={14} />}
      {isPicked && !isDisabled && <IconCheck size={16} stroke={stroke} aria-hidden />}
    </button>
  );
}

/** Hosts of the user's SSH config, of which one can fill in the form. */
export function SshHosts({ onPick, first }: { onPick: (host: ResolvedHost) => void; first?: string | undefined }) {
  const { hosts, error, picked, resolving, pick } = useSshHosts(onPick);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as the dialog opens
  useEffect(() => {
    if (first !== undefined) void pick(first);
  }, []);
  const [text, setText] = useState('');
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
          <HostRow
            key={host.alias}
            host={host}
            isPicked={picked === host.alias}
            isResolving={resolving === host.alias}
            isDisabled={resolving !== ''}
            onPick={pick}
          />
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
