import { Menu } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconDots, IconGauge } from '@tabler/icons-react';
import type { Transfer } from '../../../electron/shared/transfers.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { stroke } from '../../components/icons.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { movesOf } from './transfer-model.ts';

const move = (id: string, before: string | null): void =>
  void attempt('The order did not change', invoke('transfers.move', { id, before }));

/** What is seldom done with a transfer that is not over. */
export function TransferMenu({ transfer: { id }, name }: { transfer: Transfer; name: string }) {
  const transfers = useStore((state) => state.transfers);
  const { up, down } = movesOf(transfers, id);
  return (
    <Menu position="top-end" width={200}>
      <Menu.Target>
        <IconButton icon={IconDots} label={`More for ${name}`} size={26} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconArrowUp size={16} stroke={stroke} aria-hidden />}
          disabled={up === null}
          onClick={() => up && move(id, up.before)}
        >
          Earlier in the queue
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown size={16} stroke={stroke} aria-hidden />}
          disabled={down === null}
          onClick={() => down && move(id, down.before)}
        >
          Later in the queue
        </Menu.Item>
        <Menu.Item
          leftSection={<IconGauge size={16} stroke={stroke} aria-hidden />}
          onClick={() => ui.open({ kind: 'transfers', show: { limitOf: id } })}
        >
          Limit its speed
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
