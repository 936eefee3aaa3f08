import { withEngineState } from '../engine-session.ts';
import { findInstance } from '../find-instance.ts';
import type { JsonOption } from '../json-option.ts';
import { printDone } from '../output.ts';
import { untilHeld } from '../wait-for-connection.ts';

export function releaseApp(id: string, { json }: JsonOption): Promise<void> {
  return withEngineState({ resumes: true, demo: 'if-used' }, async (session) => {
    const app = await findInstance(session, id);
    await untilHeld(session, app.id);
    await session.request('instances.release', { id: app.id });
    printDone({ json }, { id: app.id }, `${app.title} is released.`);
  });
}
