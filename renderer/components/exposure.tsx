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
import { attempt } from '../attempt.ts';
import { invoke } from '../bridge.ts';
import { describeRoute, type ExposureLevel, type ExposureSummary, exposureOf, routeLabels } from '../text/exposure.ts';
import { formatAgo } from '../text/time.ts';
import { Evidence as EvidenceText } from './evidence.tsx';
import css from './exposure.module.css';
import { stroke } from './icons.tsx';
import { LinkButton } from './link-button.tsx';
import { Note } from './note.tsx';
import { useNow } from './use-now.ts';

export const exposureIcons: Record<ExposureLevel, TablerIcon> = {
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
    <div className={css.part}>
      <h3>Other routes tried</h3>
      <ul className={`${css.refused} text-sm`}>
        {refused.map((entry) => (
          <li key={`${entry.kind}:${entry.reason}`}>
            <span className="medium">{routeLabels[entry.kind]}</span>:{' '}
            <span className="text-secondary">{entry.reason}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Evidence({ instance, summary }: { instance: Instance; summary: ExposureSummary }) {
  const { exposure } = instance;
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const now = useNow(exposure !== null, 15_000);
  const check = async () => {
    setBusy(true);
    await attempt(
      `Who can reach ${instance.title} could not be checked`,
      invoke('instances.exposure', { id: instance.id }),
    );
    setBusy(false);
  };
  return (
    <div className={css.part}>
      {open && exposure && <EvidenceText text={exposure.evidence.join('\n')} />}
      <div className="row wrap">
        <span className={`${css.checked} text-sm text-tertiary`} role="status">
          {busy
            ? 'Checking on the cluster'
            : summary.checked && exposure
              ? `Checked ${formatAgo(exposure.checkedAt, now)}`
              : 'Not checked yet'}
        </span>
        {exposure && exposure.evidence.length > 0 && (
          <LinkButton className="text-sm" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide evidence' : 'Show evidence'}
          </LinkButton>
        )}
        {/* Not disabled while it looks: a disabled button loses the focus, and Esc with it. */}
        <Button
          size="xs"
          aria-busy={busy}
          leftSection={busy ? <Loader size={14} /> : <IconShieldCheck size={14} stroke={stroke} aria-hidden />}
          onClick={() => void (busy || check())}
        >
          {summary.checked ? 'Check again' : 'Check now'}
        </Button>
      </div>
    </div>
  );
}

/** Who can reach an app and by which route, with what was checked; `children` between the answer and the details. */
export function ExposureDetails({ instance, children }: { instance: Instance; children?: ReactNode }) {
  const summary = exposureOf(instance);
  const Shown = exposureIcons[summary.level];
  const { route, exposure } = instance;
  // What holds of a connection is not known while there is none.
  const isAway = instance.state === 'reconnecting';
  const isPending = route === null && exposure === null;
  return (
    <>
      <div className="row gap-12 align-start">
        <Shown size={20} stroke={stroke} className={`tone-${summary.tone} no-shrink`} aria-hidden />
        <div>
          <h2>{isAway ? 'Not connected now' : isPending ? 'Nobody can reach this yet' : summary.title}</h2>
          {isAway && <p className="text-sm text-secondary">When it was last connected: {summary.short}.</p>}
          {exposure && <p className="text-sm text-secondary">{exposure.text}</p>}
          {route && <p className="text-sm text-secondary">{describeRoute(instance)}</p>}
        </div>
      </div>
      {route?.warning && (
        <div className={css.part}>
          <Note tone="wait">{route.warning}</Note>
        </div>
      )}
      {children}
      <Refused instance={instance} />
      <Evidence instance={instance} summary={summary} />
    </>
  );
}

/** The last of an app's facts: who can reach it; opens how that is known. */
export function ExposureButton({ instance }: { instance: Instance }) {
  const [open, setOpen] = useState(false);
  const summary = exposureOf(instance);
  const Shown = exposureIcons[summary.level];
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={400} trapFocus returnFocus withinPortal>
      <Popover.Target>
        <button
          type="button"
          className={`${css.button} tone-${summary.tone}`}
          aria-label={`Who can reach this? ${summary.short}`}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Shown size={14} stroke={stroke} aria-hidden />
          {summary.short}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Who can reach this?" p={16} className={css.popover}>
        <ExposureDetails instance={instance} />
      </Popover.Dropdown>
    </Popover>
  );
}
