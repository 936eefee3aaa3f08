import { Button, Loader, Popover } from '@mantine/core';
import {
  IconCpu,
  IconHelpCircle,
  IconLock,
  IconShieldCheck,
  IconUsers,
  IconWorld,
  type TablerIcon,
} from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { Instance } from '../../electron/shared/instances.ts';
import { actions, attempt } from '../actions.ts';
import { type Reach, type ReachLevel, reachOf, routeWords } from '../words/reach.ts';
import { ago } from '../words/time.ts';
import { Note, stroke } from './parts.tsx';
import { useNow } from './use-now.ts';

export const reachIcons: Record<ReachLevel, TablerIcon> = {
  'only-you': IconLock,
  group: IconUsers,
  node: IconCpu,
  cluster: IconWorld,
  unknown: IconHelpCircle,
};

function Refused({ instance }: { instance: Instance }) {
  const refused = instance.route?.refused ?? [];
  if (refused.length === 0) return null;
  return (
    <div className="reach-part">
      <h3>Ways that were not used</h3>
      <ul className="plain-list s">
        {refused.map((entry) => (
          <li key={`${entry.kind}:${entry.reason}`}>
            <span className="m">{routeWords[entry.kind]}</span>: <span className="dim">{entry.reason}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Evidence({ instance, reach }: { instance: Instance; reach: Reach }) {
  const { exposure } = instance;
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const now = useNow(exposure !== null, 15_000);
  const check = async () => {
    setBusy(true);
    await attempt(`Who can reach ${instance.title} was not found out`, actions.exposure(instance.id));
    setBusy(false);
  };
  return (
    <div className="reach-part">
      {open && exposure && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <pre className="code evidence" tabIndex={0}>
          {exposure.evidence.join('\n')}
        </pre>
      )}
      <div className="row wrap">
        <span className="s dimmer checked" role="status">
          {busy
            ? 'Looking on the cluster'
            : reach.checked && exposure
              ? `Looked at on the cluster ${ago(exposure.checkedAt, now)}`
              : 'Not looked at on the cluster yet'}
        </span>
        {exposure && exposure.evidence.length > 0 && (
          <button type="button" className="link s" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide evidence' : 'Show evidence'}
          </button>
        )}
        {/* Not disabled while it looks: a disabled button loses the focus, and Esc with it. */}
        <Button
          size="xs"
          aria-busy={busy}
          leftSection={busy ? <Loader size={14} /> : <IconShieldCheck size={14} stroke={stroke} aria-hidden />}
          onClick={() => void (busy || check())}
        >
          {reach.checked ? 'Check again' : 'Check now'}
        </Button>
      </div>
    </div>
  );
}

/** Who can reach an app and by which way, with what was found out there; `children` between the answer and the details. */
export function ReachBody({ instance, children }: { instance: Instance; children?: ReactNode }) {
  const reach = reachOf(instance);
  const Shown = reachIcons[reach.level];
  const { route, exposure } = instance;
  return (
    <>
      <div className="row g3 top">
        <Shown size={20} stroke={stroke} className={`t-${reach.tone} fixed`} aria-hidden />
        <div>
          <h2>{reach.title}</h2>
          {exposure && <p className="s dim">{exposure.words}</p>}
          {route && <p className="s dim">The way is {route.words}.</p>}
        </div>
      </div>
      {route?.warning && (
        <div className="reach-part">
          <Note tone="wait">{route.warning}</Note>
        </div>
      )}
      {children}
      <Refused instance={instance} />
      <Evidence instance={instance} reach={reach} />
    </>
  );
}

/** The last of an app's facts: who can reach it; opens how that is known. */
export function ReachButton({ instance }: { instance: Instance }) {
  const [open, setOpen] = useState(false);
  const reach = reachOf(instance);
  const Shown = reachIcons[reach.level];
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={400} trapFocus returnFocus withinPortal>
      <Popover.Target>
        <button
          type="button"
          className={`reach t-${reach.tone}`}
          aria-label={`Who can reach this? ${reach.short}`}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Shown size={14} stroke={stroke} aria-hidden />
          {reach.short}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Who can reach this?" p={16} className="reach-pop">
        <ReachBody instance={instance} />
      </Popover.Dropdown>
    </Popover>
  );
}
