import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ConnectionState } from '../../electron/shared/clusters.ts';
import type { InstanceState } from '../../electron/shared/instances.ts';
import { connectionLabels } from '../text/cluster.ts';
import { stateLabels } from '../text/instance.ts';
import { connectionLook, instanceLook, type Tone } from './icons.tsx';
import css from './state-badge.module.css';

function Badge(props: { state: string; icon: TablerIcon; tone: Tone; spins?: boolean; children: ReactNode }) {
  const Shown = props.icon;
  return (
    <span className={`${css.badge} ${css[props.tone]}`} data-state={props.state}>
      <Shown size={14} stroke={2} aria-hidden className={props.spins ? 'spin' : undefined} />
      {props.children}
    </span>
  );
}

export function StateBadge({ state }: { state: InstanceState }) {
  return (
    <Badge state={state} {...instanceLook[state]}>
      {stateLabels[state]}
    </Badge>
  );
}

export function ConnectionBadge({ state }: { state: ConnectionState }) {
  return (
    <Badge state={state} {...connectionLook[state]}>
      {connectionLabels[state]}
    </Badge>
  );
}
