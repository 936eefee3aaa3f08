import {
  IconAlertOctagon,
  IconCircleCheck,
  IconCircleDashed,
  IconHourglass,
  IconLoader2,
  type TablerIcon,
} from '@tabler/icons-react';
import type { Instance, Step } from '../../electron/shared/instances.ts';
import { shownSteps, stepTime, stepWords } from '../words/instance.ts';
import { StepProgress } from './job-notes.tsx';
import { useNow } from './use-now.ts';

const stateText = { todo: 'to come', now: 'now', done: 'done', failed: 'failed' } as const;

function look(step: Step): { icon: TablerIcon; tone: string; spins?: boolean } {
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
      <ol className="steps" aria-label="Steps">
        {steps.map((step, index) => {
          const { icon: Shown, tone, spins } = look(step);
          return (
            <li
              key={step.name}
              className={`${step.state} ${tone}`}
              aria-current={step.state === 'now' ? 'step' : undefined}
            >
              <span className="dot">
                <Shown size={18} stroke={1.75} aria-hidden className={spins ? 'spin' : undefined} />
              </span>
              <span className="lb cut">
                {stepWords[step.name]}
                <span className="sr">, {stateText[step.state]}</span>
              </span>
              <span className="tm cut">{stepTime(step, index === 0, expected, now)}</span>
            </li>
          );
        })}
      </ol>
      <StepProgress instance={instance} />
    </>
  );
}
