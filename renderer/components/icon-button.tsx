import { ActionIcon, Tooltip } from '@mantine/core';
import type { TablerIcon } from '@tabler/icons-react';
import { stroke } from './icons.tsx';

export function IconButton(props: {
  icon: TablerIcon;
  label: string;
  onClick?: () => void;
  pressed?: boolean;
  expanded?: boolean;
  disabled?: boolean;
  size?: number;
  /** The tooltip of the system, which also shows above an embedded view. */
  nativeTooltip?: boolean;
}) {
  const Shown = props.icon;
  const button = (
    <ActionIcon
      aria-label={props.label}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      onClick={props.onClick}
      disabled={props.disabled}
      size={props.size ?? 32}
      title={props.nativeTooltip ? props.label : undefined}
    >
      <Shown size={16} stroke={stroke} aria-hidden />
    </ActionIcon>
  );
  return props.nativeTooltip ? button : <Tooltip label={props.label}>{button}</Tooltip>;
}
