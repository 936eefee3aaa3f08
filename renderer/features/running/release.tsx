import { canRelease } from '../../../electron/shared/instance-policy.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { HeldNote } from '../../components/job-notes.tsx';
import { LinkButton } from '../../components/link-button.tsx';

export const releaseJob = (instance: Instance) =>
  void attempt(`${instance.title} was not released`, invoke('instances.release', { id: instance.id }));

/** Why its job is on hold; what the user holds can be released here. */
export function Hold({ instance }: { instance: Instance }) {
  const action = canRelease(instance) && <LinkButton onClick={() => releaseJob(instance)}>Release</LinkButton>;
  return <HeldNote job={instance.job} action={action} />;
}
