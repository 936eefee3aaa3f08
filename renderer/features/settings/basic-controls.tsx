import { Button, SegmentedControl, Select, Switch } from '@mantine/core';
import { IconFolderOpen, IconKeyboard } from '@tabler/icons-react';
import type { Settings } from '../../../electron/shared/state.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { stroke } from '../../components/icons.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { saveSettings } from './save-settings.ts';
import { type ControlProps, labelOf } from './setting-row.tsx';

const themes: { value: Settings['theme']; label: string }[] = [
  { value: 'system', label: 'Match system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

export function Theme(row: ControlProps) {
  const theme = useStore((state) => state.settings.theme);
  return (
    <SegmentedControl
      {...labelOf(row)}
      value={theme}
      onChange={(value) => saveSettings({ theme: value })}
      data={themes}
    />
  );
}

function SettingSwitch({ row, setting }: { row: ControlProps; setting: 'singleKeys' | 'askOnQuit' }) {
  const checked = useStore((state) => state.settings[setting]);
  return (
    <Switch
      {...labelOf(row)}
      checked={checked}
      onChange={(event) => saveSettings({ [setting]: event.currentTarget.checked })}
    />
  );
}

export const SingleKeys = (row: ControlProps) => <SettingSwitch row={row} setting="singleKeys" />;
export const QuitQuestion = (row: ControlProps) => <SettingSwitch row={row} setting="askOnQuit" />;

export function KeyList() {
  return (
    <Button
      leftSection={<IconKeyboard size={16} stroke={stroke} aria-hidden />}
      onClick={() => ui.open({ kind: 'help' })}
    >
      Show all keys
    </Button>
  );
}

export function DataFolder() {
  const directory = useStore((state) => state.system.dataDirectory);
  return (
    <>
      <code className="mono grow" style={{ overflowWrap: 'anywhere' }}>
        {directory}
      </code>
      <Button
        leftSection={<IconFolderOpen size={16} stroke={stroke} aria-hidden />}
        onClick={() => attempt('The folder did not open', invoke('desktop.showDataDirectory', undefined))}
      >
        Show folder
      </Button>
    </>
  );
}

const usualLines = [1000, 5000, 20_000, 100_000];

export function LogLines(row: ControlProps) {
  const lines = useStore((state) => state.settings.logLines);
  // The file of the settings may have any number.
  const offered = [...new Set([...usualLines, lines])].sort((a, b) => a - b);
  return (
    <Select
      {...labelOf(row)}
      w={140}
      value={String(lines)}
      data={offered.map((value) => ({ value: String(value), label: new Intl.NumberFormat('en-GB').format(value) }))}
      onChange={(value) => value !== null && saveSettings({ logLines: Number(value) })}
    />
  );
}
