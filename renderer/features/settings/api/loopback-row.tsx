import { NumberInput, Switch } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { LoopbackStatus } from '../../../../electron/shared/contract/engine.ts';
import { AppError } from '../../../../electron/shared/errors.ts';
import { invoke } from '../../../bridge.ts';
import { useStore } from '../../../store.ts';
import { saveSettings } from '../save-settings.ts';
import { labelOf, SettingGroup, SettingRow } from '../setting-row.tsx';
import { describeLoopback } from './api-text.ts';

/** Between two questions until the engine listens, ms. */
const INTERVAL = 300;

/** Where the engine listens, asked anew after each change of the setting until it says so. */
function useLoopback(apiPort: number | null): LoopbackStatus | null {
  const [status, setStatus] = useState<LoopbackStatus | null>(null);
  useEffect(() => {
    setStatus(null);
    if (apiPort === null) return;
    const life = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        const { loopback } = await invoke('engine.status', undefined, life.signal);
        if (life.signal.aborted) return;
        if (loopback?.port || loopback?.error) setStatus(loopback);
        else timer = setTimeout(ask, INTERVAL);
      } catch (error) {
        if (!life.signal.aborted) setStatus({ port: null, error: AppError.from(error).serialize() });
      }
    };
    void ask();
    return () => {
      clearTimeout(timer);
      life.abort();
    };
  }, [apiPort]);
  return status;
}

function PortField({ port }: { port: number }) {
  const [text, setText] = useState<number | string>(port === 0 ? '' : port);
  const save = () => {
    const chosen = text === '' ? 0 : Number(text);
    if (chosen !== port) saveSettings({ apiPort: chosen });
  };
  return (
    <NumberInput
      w={132}
      aria-label="Port of 127.0.0.1"
      placeholder="Any free port"
      allowNegative={false}
      allowDecimal={false}
      max={65_535}
      value={text}
      onChange={setText}
      onBlur={save}
      onKeyDown={({ key }) => key === 'Enter' && save()}
    />
  );
}

/** The API on a port of this computer, beside the socket. */
export function LoopbackGroup() {
  const apiPort = useStore((state) => state.settings.apiPort);
  const status = useLoopback(apiPort);
  const row = { id: 'loopback', title: 'Listen on 127.0.0.1 too' };
  return (
    <SettingGroup title="For tools that cannot use the socket">
      <SettingRow {...row} setting="apiPort" description={describeLoopback(apiPort, status)}>
        {apiPort !== null && <PortField key={apiPort} port={apiPort} />}
        <Switch
          {...labelOf(row)}
          checked={apiPort !== null}
          onChange={({ currentTarget: { checked } }) => saveSettings({ apiPort: checked ? 0 : null })}
        />
      </SettingRow>
    </SettingGroup>
  );
}
