import { AppError } from '../../electron/shared/errors.ts';
import { withEngineState } from '../engine-session.ts';
import { findInstance } from '../find-instance.ts';
import { followLog } from '../follow-log.ts';
import type { JsonOption } from '../json-option.ts';
import { printJson, printLong } from '../output.ts';
import { untilConnected } from '../wait-for-connection.ts';

/** Bytes of a log that are shown first. */
const TAIL = 256 * 1024;

export interface LogsOptions extends JsonOption {
  follow?: boolean;
}

export function logs(id: string, { follow, json }: LogsOptions): Promise<void> {
  return withEngineState({ resumes: true, demo: 'if-used' }, async (session) => {
    await untilConnected(session);
    const app = await findInstance(session, id);
    if (follow) {
      await followLog(session, app.id, -TAIL).catch((error: unknown) => {
        if (AppError.from(error).code !== 'cancelled') throw error;
      });
      return;
    }
    const part = await session.request('instances.log', { id: app.id, offset: -TAIL });
    if (json) printJson(part);
    else printLong(part.text);
  });
}
