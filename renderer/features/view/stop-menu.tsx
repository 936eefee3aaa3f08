import { Button, Menu } from '@mantine/core';
import {
  IconChevronDown,
  IconCopy,
  IconExternalLink,
  IconForbid2,
  IconPlayerStop,
  IconUnlink,
  type TablerIcon,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { Instance } from '../../../electron/shared/instances.ts';
import type { ViewState } from '../../../electron/shared/state.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { stroke } from '../../components/icons.tsx';
import { Kbd, modKey } from '../../components/kbd.tsx';
import { MenuHint } from '../../components/menu-hint.tsx';
import { useCover } from '../../components/use-cover.ts';
import { isOver } from '../../text/instance.ts';
import { copySshCommand } from '../running/copy-ssh-command.ts';
import { askToEnd, askToStop } from '../running/stop.ts';

const icon = (Shown: TablerIcon) => <Shown size={16} stroke={stroke} aria-hidden />;

/** Other ways to the app than this view. */
function AccessItems({ instance }: { instance: Instance }) {
  return (
    <>
      <Menu.Item
        leftSection={icon(IconExternalLink)}
        disabled={isOver(instance)}
        onClick={() =>
          attempt('The browser did not open', invoke('desktop.openInBrowser', { instanceId: instance.id }))
        }
      >
        Open in my browser
        <MenuHint>By a link that works once</MenuHint>
      </Menu.Item>
      <Menu.Item
        leftSection={icon(IconCopy)}
        disabled={isOver(instance)}
        onClick={() => attempt('The ssh command was not copied', copySshCommand(instance.id))}
      >
        Copy ssh command
      </Menu.Item>
    </>
  );
}

/** Stops the app or closes its view, and offers other access to it. */
export function StopMenu({ view, instance }: { view: ViewState; instance: Instance }) {
  const [open, setOpen] = useState(false);
  useCover(open);
  return (
    <Menu opened={open} onChange={setOpen} width={304}>
      <Menu.Target>
        <Button variant="subtle" h={30} px={8} leftSection={icon(IconPlayerStop)} rightSection={icon(IconChevronDown)}>
          Stop
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={icon(IconPlayerStop)}
          rightSection={
            <span className="row gap-4">
              <Kbd keys={`${modKey()} ⇧ X`} />
            </span>
          }
          disabled={isOver(instance)}
          onClick={() => askToStop(instance)}
        >
          Stop
          <MenuHint>Asks the app to save, then ends the job</MenuHint>
        </Menu.Item>
        <Menu.Item
          leftSection={icon(IconUnlink)}
          onClick={() => attempt('The view did not close', invoke('views.close', { viewId: view.id }))}
        >
          Close the view, keep it running
          <MenuHint>Open it again from Running</MenuHint>
        </Menu.Item>
        <Menu.Divider />
        <AccessItems instance={instance} />
        <Menu.Divider />
        <Menu.Item
          data-danger
          leftSection={icon(IconForbid2)}
          disabled={isOver(instance)}
          onClick={() => askToEnd(instance)}
        >
          End now
          <MenuHint>Unsaved work in the app is lost</MenuHint>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
