import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { attempt } from '../../../attempt.ts';
import { invoke } from '../../../bridge.ts';
import { stroke } from '../../../components/icons.tsx';
import { MenuHint } from '../../../components/menu-hint.tsx';
import { count } from '../../../text/size.ts';
import { ui } from '../../../ui-store.ts';
import { filterOf, useAuditView } from './audit-store.ts';

/** Writes what the filters leave into a file. */
export function ExportMenu() {
  const view = useAuditView((state) => state.view);
  const [isBusy, setBusy] = useState(false);
  const save = async (format: 'csv' | 'json') => {
    const saved = await invoke('desktop.exportAudit', { format, filter: filterOf(view, Date.now()) });
    if (saved) ui.toast({ tone: 'ok', title: `${count(saved.calls, 'call')} saved to ${saved.path}` });
  };
  const start = async (format: 'csv' | 'json') => {
    setBusy(true);
    await attempt('The log was not exported', save(format));
    setBusy(false);
  };
  return (
    <Menu>
      <Menu.Target>
        <Button loading={isBusy} leftSection={<IconDownload size={16} stroke={stroke} aria-hidden />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void start('csv')}>
          CSV
          <MenuHint>For a spreadsheet</MenuHint>
        </Menu.Item>
        <Menu.Item onClick={() => void start('json')}>
          JSON
          <MenuHint>For a program</MenuHint>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
