import { isStarting } from '../../shared/instance-policy.ts';
import type { Instance } from '../../shared/instances.ts';
import { type EndingView, isHeldForGood, isJobOver } from './ending-policy.ts';

export interface NextStepInput {
  instance: Pick<Instance, 'state' | 'kind' | 'job' | 'endpoint'>;
  ending: EndingView;
  /** Epoch ms by which the first answer must come; null: its job does not run yet. */
  readyBy: number | null;
  now: number;
}

/**
 * `finish`: the job is over; `held`: it will never begin; `running`: a batch job runs; `open`: the route may be opened;
 * `deaf`: the app did not begin to listen in time; `wait`: nothing to do until the next look.
 */
type NextStep = 'finish' | 'held' | 'running' | 'open' | 'deaf' | 'wait';

/** What is to be done with a submitted instance after a look at its job and directory. */
export function decideNextStep({ instance, ending, readyBy, now }: NextStepInput): NextStep {
  const { endpoint, job, kind, state } = instance;
  if (isJobOver(ending)) return 'finish';
  if (isHeldForGood(job)) return 'held';
  // It has ended, and the scheduler may still report why.
  if (ending.exitCode !== null || state === 'stopping') return 'wait';
  if (kind === 'job') return job?.state === 'running' ? 'running' : 'wait';
  if (endpoint) return 'open';
  return isStarting(state) && readyBy !== null && now > readyBy ? 'deaf' : 'wait';
}
