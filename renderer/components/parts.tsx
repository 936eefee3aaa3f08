import { ActionIcon, CloseButton, Tooltip } from '@mantine/core';
import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconBuildingTunnel,
  IconCircleCheck,
  IconInfoCircle,
  type TablerIcon,
} from '@tabler/icons-react';
import { Fragment, type ReactNode, useEffect, useRef, useState } from 'react';
import type { ConnectionState } from '../../electron/shared/clusters.ts';
import type { SerializedError } from '../../electron/shared/errors.ts';
import type { InstanceState } from '../../electron/shared/instances.ts';
import { connectionWords } from '../words/cluster.ts';
import { stateWords } from '../words/instance.ts';
import { connectionLook, instanceLook, type Tone } from './icons.tsx';

export const stroke = 1.75;

function Badge(props: { icon: TablerIcon; tone: Tone; spins?: boolean; children: ReactNode }) {
  const Shown = props.icon;
  return (
    <span className={`state ${props.tone}`}>
      <Shown size={14} stroke={2} aria-hidden className={props.spins ? 'spin' : undefined} />
      {props.children}
    </span>
  );
}

export function StateBadge({ state }: { state: InstanceState }) {
  const look = instanceLook[state];
  return <Badge {...look}>{stateWords[state]}</Badge>;
}

export function ConnectionBadge({ state }: { state: ConnectionState }) {
  const look = connectionLook[state];
  return <Badge {...look}>{connectionWords[state]}</Badge>;
}

const noteIcons: Record<'ok' | 'wait' | 'go' | 'bad' | 'off', TablerIcon> = {
  ok: IconCircleCheck,
  wait: IconAlertTriangle,
  go: IconInfoCircle,
  bad: IconAlertOctagon,
  off: IconInfoCircle,
};

export function Note(props: {
  tone: keyof typeof noteIcons;
  icon?: TablerIcon;
  children: ReactNode;
  action?: ReactNode;
  role?: 'alert' | 'status';
  onClose?: () => void;
}) {
  const Shown = props.icon ?? noteIcons[props.tone];
  return (
    <div className={`note ${props.tone}`} role={props.role}>
      <Shown size={16} stroke={stroke} aria-hidden />
      <div className="grow">{props.children}</div>
      {props.action}
      {props.onClose && <CloseButton size="sm" aria-label="Dismiss" onClick={props.onClose} />}
    </div>
  );
}

/** Text in which `backticks` mark what is typed. */
export function Coded({ text }: { text: string }) {
  return (
    <>
      {text.split(/`([^`]+)`/).map((part, index) =>
        index % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never move
          <code key={index} className="mono">
            {part}
          </code>
        ) : (
          part
        ),
      )}
    </>
  );
}

/** What failed and why, one thing to do, and the evidence one click away. */
export function ErrorNote(props: {
  error: SerializedError;
  title?: string;
  evidence?: string;
  action?: ReactNode;
  onClose?: () => void;
  alert?: boolean;
  /** `wait` where nothing is broken, only the user is needed. */
  tone?: 'bad' | 'wait';
}) {
  const { error } = props;
  const [open, setOpen] = useState(false);
  const evidence = [error.detail, props.evidence].filter((text) => text?.trim()).join('\n\n');
  return (
    <div>
      <Note
        tone={props.tone ?? 'bad'}
        role={props.alert ? 'alert' : undefined}
        onClose={props.onClose}
        action={
          <>
            {props.action}
            {evidence && (
              <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
                {open ? 'Hide evidence' : 'Show evidence'}
              </button>
            )}
          </>
        }
      >
        {props.title && <strong className="b">{props.title}. </strong>}
        <Coded text={error.message} />
        {error.hint && (
          <div className="dim">
            <Coded text={error.hint} />
          </div>
        )}
      </Note>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <pre className="code evidence" tabIndex={0}>
          {evidence}
        </pre>
      )}
    </div>
  );
}

/** Facts in one line; the whole line is the tooltip when it is cut. */
export function Facts({ list }: { list: string[] }) {
  return (
    <div className="facts num" title={list.join(' · ')}>
      {list.map((fact, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: facts have a fixed order and may repeat
        <span key={index} className={index === 0 || index === list.length - 1 ? 'cut' : undefined}>
          {fact}
        </span>
      ))}
    </div>
  );
}

export function IconButton(props: {
  icon: TablerIcon;
  label: string;
  onClick?: () => void;
  pressed?: boolean;
  expanded?: boolean;
  disabled?: boolean;
  size?: number;
  plainTip?: boolean;
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
      title={props.plainTip ? props.label : undefined}
    >
      <Shown size={16} stroke={stroke} aria-hidden />
    </ActionIcon>
  );
  return props.plainTip ? button : <Tooltip label={props.label}>{button}</Tooltip>;
}

export function Kbd({ keys }: { keys: string }) {
  return (
    <>
      {keys.split(' ').map((key, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: keys of one combination never move
        <Fragment key={index}>
          <kbd className="kbd" aria-hidden>
            {key}
          </kbd>
        </Fragment>
      ))}
    </>
  );
}

/** `Ctrl` here, the command sign on a Mac. */
export const modKey = () => (window.tunel.platform === 'darwin' ? '⌘' : 'Ctrl');

export function Mark({ size = 16 }: { size?: number }) {
  return <IconBuildingTunnel size={size} stroke={stroke} aria-hidden />;
}

/** The page's heading; takes the focus when the page comes, so that screen readers say where one is. */
export function PageHead(props: { title: ReactNode; before?: ReactNode; count?: ReactNode; children?: ReactNode }) {
  const { title, before, count, children } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body || document.activeElement?.closest('.rail')) return;
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <header className="head">
      {before}
      <h1 ref={heading} tabIndex={-1} className="cut">
        {title}
      </h1>
      {count !== undefined && <span className="dimmer num">{count}</span>}
      {children}
    </header>
  );
}
