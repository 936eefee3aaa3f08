import { useEffect, useState } from 'react';
import { AppError } from '../../../../electron/shared/errors.ts';
import type { JobCheck } from '../../../../electron/shared/jobs.ts';
import type { LauncherName } from '../../../../electron/shared/kinds.ts';
import { invoke } from '../../../bridge.ts';
import { useQuestion } from '../../../components/use-question.ts';
import { type Draft, resourcesOf } from './draft.ts';

/** What the scheduler says of the draft as it is; null: it was not asked. */
export type CheckState = { kind: 'accepted'; check: JobCheck } | { kind: 'refused'; error: AppError } | null;

/** Asks the scheduler of the cluster whether it would take the job. Another draft was not asked about. */
export function useCheck(draft: Draft, launcher: LauncherName) {
  const [state, setState] = useState<CheckState>(null);
  const asking = useQuestion();
  const { clusterId, script, submitFile, modules } = draft;
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer is about this draft alone
  useEffect(() => {
    setState(null);
    asking.stop();
  }, [clusterId, launcher, script, submitFile]);
  const check = async () => {
    const input = { clusterId, script, launcher, modules, resources: resourcesOf(draft, launcher) };
    try {
      const answer = await asking.ask((signal) => invoke('jobs.check', input, signal));
      if (answer) setState({ kind: 'accepted', check: answer });
    } catch (error) {
      setState({ kind: 'refused', error: AppError.from(error) });
    }
  };
  return { state, isChecking: asking.busy, check };
}
