import { withEngineState } from '../engine-session.ts';
import { findInstance } from '../find-instance.ts';
import type { JsonOption } from '../json-option.ts';
import { printDone, printJson, printResult } from '../output.ts';
import { untilConnected } from '../wait-for-connection.ts';

/** Takes an ended app off the list, with its directory on the cluster. */
export function removeApp(id: string, options: JsonOption): Promise<void> {
  return withEngineState({ connects: true, demo: 'if-used' }, async (session) => {
    const app = await findInstance(session, id);
    await session.request('instances.remove', { id: app.id });
    printDone(options, { id: app.id }, `${app.title} is removed.`);
  });
}

/** The ssh command that forwards to an app, for a terminal without Tunel. */
export function showSshCommand(id: string, { json }: JsonOption): Promise<void> {
  return withEngineState({ resumes: true, demo: 'if-used' }, async (session) => {
    await untilConnected(session);
    const app = await findInstance(session, id);
    const { command } = await session.request('instances.sshCommand', { id: app.id });
    if (json) printJson({ command });
    else printResult(command);
  });
}

/** Who besides the user can reach an app, checked again. */
export function showExposure(id: string, { json }: JsonOption): Promise<void> {
  return withEngineState({ resumes: true, demo: 'if-used' }, async (session) => {
    await untilConnected(session);
    const app = await findInstance(session, id);
    const exposure = await session.request('instances.exposure', { id: app.id });
    if (json) return printJson(exposure);
    printResult(exposure.text);
    for (const line of exposure.evidence) printResult(`  ${line}`);
  });
}
