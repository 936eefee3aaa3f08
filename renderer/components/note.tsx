import { CloseButton } from '@mantine/core';
import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconCircleCheck,
  IconInfoCircle,
  type TablerIcon,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { stroke, type Tone } from './icons.tsx';
import css from './note.module.css';

const noteIcons: Record<Tone, TablerIcon> = {
  ok: IconCircleCheck,
  wait: IconAlertTriangle,
  go: IconInfoCircle,
  bad: IconAlertOctagon,
  off: IconInfoCircle,
};

export function Note(props: {
  tone: Tone;
  icon?: TablerIcon;
  children: ReactNode;
  action?: ReactNode;
  role?: 'alert' | 'status';
  onClose?: () => void;
}) {
  const Shown = props.icon ?? noteIcons[props.tone];
  return (
    <div className={`${css.note} ${css[props.tone]}`} role={props.role}>
      <Shown size={16} stroke={stroke} aria-hidden />
      <div className="grow">{props.children}</div>
      {props.action}
      {props.onClose && <CloseButton size={24} aria-label="Dismiss" onClick={props.onClose} />}
    </div>
  );
}
