import { describeReason, type Instance, type Step } from '../../electron/shared/instances.ts';
import type { OpenCore } from '../open-core.ts';
import { say } from '../output.ts';

/** Prints each step of a launch as it ends, and each new reason for waiting. Returns what ends it. */
export function showSteps(open: OpenCore, id: string): () => void {
  const told = new Set<string>();
  const tell = (key: string, text: string) => {
    if (told.has(key)) return;
    told.add(key);
    say(text);
  };
  const look = (): void => {
    const instance = open.state().instances.find((candidate) => candidate.id === id);
    if (!instance) return;
    for (const step of instance.steps) if (step.state === 'done') tell(step.name, describeStep(step, instance));
    const reason = instance.job?.state === 'pending' ? describeReason(instance.job) : '';
    if (reason) tell(`reason:${reason}`, `  waiting: ${reason}`);
  };
  look();
  return open.core.onChanges(look);
}

function describeStep(step: Step, instance: Instance): string {
  const seconds = ((step.endedAt ?? 0) - (step.startedAt ?? 0)) / 1000;
  const facts: Partial<Record<Step['name'], string>> = {
    submit: instance.job ? `job ${instance.job.id}` : '',
    start: instance.job?.node ? `node ${instance.job.node}` : '',
    tunnel: instance.route?.words ?? '',
  };
  return `✓ ${step.name.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s  ${facts[step.name] ?? ''}`.trimEnd();
}
