import { AppError } from '../../electron/shared/errors.ts';
import { withEngineState } from '../engine-session.ts';
import { hasEnded } from '../find-in-state.ts';
import { findInstance } from '../find-instance.ts';
import { followLaunch } from '../follow-launch.ts';
import type { JsonOption } from '../json-option.ts';
import { printDone, printJson, printProgress } from '../output.ts';

export function continueLaunch(id: string, { json }: JsonOption): Promise<void> {
  return withEngineState({ resumes: true, launches: true, demo: 'if-used' }, async (session) => {
    const app = await findInstance(session, id);
    if (app.state === 'interrupted') {
      await session.request('instances.continue', { id: app.id });
      await session.refresh();
    }
    const now = hasEnded(app) ? app : await followLaunch(session, app.id, { wait: false, quiet: json === true });
    if (now.error) throw AppError.revive(now.error);
    if (json) printJson(now);
    else printProgress(`${now.title} is ${now.state}${now.job ? ` as job ${now.job.id}` : ''}.`);
  });
}

export function forgetLaunch(id: string, { json }: JsonOption): Promise<void> {
  return withEngineState({}, async (session) => {
    const app = await findInstance(session, id);
    await session.request('instances.forget', { id: app.id });
    printDone({ json }, { id: app.id }, `${app.title} is removed from the list.`);
  });
}
