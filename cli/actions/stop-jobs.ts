import type { LauncherName } from '../../electron/shared/kinds.ts';
import { confirm } from '../confirm.ts';
import { withEngineState } from '../engine-session.ts';
import { findCluster, isSettled } from '../find-in-state.ts';
import type { JsonOption } from '../json-option.ts';
import { printJson, printMessage } from '../output.ts';
import { chooseJobs } from '../stop-policy.ts';
import { untilConnected } from '../wait-for-connection.ts';
import { printEnds, stopAll } from './stop-app.ts';

export interface StopJobsOptions extends JsonOption {
  all?: boolean;
  yes?: boolean;
  now?: boolean;
}

export function stopJobs(
  launcher: LauncherName,
  cluster: string,
  names: readonly string[],
  { all, yes, now, json }: StopJobsOptions,
): Promise<void> {
  return withEngineState({ resumes: true }, async (session) => {
    await untilConnected(session);
    const clusterId = findCluster(session.state(), cluster).id;
    const running = session
      .state()
      .instances.filter((app) => app.clusterId === clusterId && app.launcher === launcher && !isSettled(app));
    const chosen = chooseJobs(running, names, all === true, cluster);
    if (all && !yes) {
      for (const app of chosen) printMessage(`  ${app.id}  ${app.title}  ${app.job?.id ?? ''}`);
      await confirm(`End all ${chosen.length} (yes/no)? `, 'Add --yes.', 'Nothing was ended');
    }
    const last = await stopAll(session, chosen, now === true);
    if (json) return printJson(last);
    printEnds(last);
  });
}
