import { describeReason, type Instance, type Step } from '../electron/shared/instances.ts';
import type { StateSession } from './engine-session.ts';
import { printProgress } from './output.ts';

/** Prints each step of a launch as it ends, and each new reason for waiting. Returns what ends it. */
export function printLaunchSteps(session: StateSession, id: string): () => void {
  const printed = new Set<string>();
  const printOnce = (key: string, text: string) => {
    if (printed.has(key)) return;
    printed.add(key);
    printProgress(text);
  };
  const look = (): void => {
    const instance = session.state().instances.find((candidate) => candidate.id === id);
    if (!instance) return;
    for (const step of instance.steps) if (step.state === 'done') printOnce(step.name, describeStep(step, instance));
    const reason = instance.job?.state === 'pending' ? describeReason(instance.job) : '';
    if (reason) printOnce(`reason:${reason}`, `  waiting: ${reason}`);
  };
  look();
  return session.onChange(look);
}

function describeStep(step: Step, instance: Instance): string {
  const seconds = ((step.endedAt ?? 0) - (step.startedAt ?? 0)) / 1000;
  const facts: Partial<Record<Step['name'], string>> = {
    submit: instance.job ? `job ${instance.job.id}` : '',
    start: instance.job?.node ? `node ${instance.job.node}` : '',
    tunnel: instance.route?.text ?? '',
  };
  return `✓ ${step.name.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s  ${facts[step.name] ?? ''}`.trimEnd();
}
