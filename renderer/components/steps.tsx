import {
  IconAlertOctagon,
  IconCircleCheck,
  IconCircleDashed,
  IconHourglass,
  IconLoader2,
  type TablerIcon,
} from '@tabler/icons-react';
import type { Instance, Step } from '../../electron/shared/instances.ts';
import { shownSteps, stepLabels, stepTime } from '../text/instance.ts';
import { stroke } from './icons.tsx';
import { StepProgress } from './job-notes.tsx';
import css from './steps.module.css';
import { useNow } from './use-now.ts';

const stateText = { todo: 'to come', now: 'now', done: 'done', failed: 'failed' } as const;

function look(step: Step): { icon: TablerIcon; tone: '' | 'wait' | 'go'; spins?: boolean } {
  if (step.state === 'done') return { icon: IconCircleCheck, tone: '' };
  if (step.state === 'failed') return { icon: IconAlertOctagon, tone: '' };
  if (step.state === 'todo') return { icon: IconCircleDashed, tone: '' };
  return step.name === 'queue' ? { icon: IconHourglass, tone: 'wait' } : { icon: IconLoader2, tone: 'go', spins: true };
}

export function Steps({ instance }: { instance: Instance }) {
  const steps = shownSteps(instance);
  const now = useNow(steps.some((step) => step.state === 'now'));
  const expected = instance.job?.state === 'pending' ? instance.job.startsAt : null;
  return (
    <>
      <ol className={css.steps} aria-label="Steps">
        {steps.map((step, index) => {
          const { icon: Shown, tone, spins } = look(step);
          return (
            <li
              key={step.name}
              className={[css.step, css[step.state], tone && css[tone]].filter(Boolean).join(' ')}
              aria-current={step.state === 'now' ? 'step' : undefined}
            >
              <span className={css.icon}>
                <Shown size={18} stroke={stroke} aria-hidden className={spins ? 'spin' : undefined} />
              </span>
              <span className={`${css.label} truncate`}>
                {stepLabels[step.name]}
                <span className="visually-hidden">, {stateText[step.state]}</span>
              </span>
              <span className={`${css.time} truncate`}>{stepTime(step, index === 0, expected, now)}</span>
            </li>
          );
        })}
      </ol>
      <StepProgress instance={instance} />
    </>
  );
}
