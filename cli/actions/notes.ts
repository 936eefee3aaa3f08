import { isUp } from '../../electron/shared/instance-policy.ts';
import { withEngineState } from '../engine-session.ts';
import { isSettled } from '../find-in-state.ts';
import { findInstance } from '../find-instance.ts';
import type { JsonOption } from '../json-option.ts';
import { printJson, printTable } from '../output.ts';
import { untilReached } from '../wait-for-connection.ts';

export interface NotesOptions extends JsonOption {
  show?: boolean;
}

export function showNotes(id: string, { show, json }: NotesOptions): Promise<void> {
  return withEngineState({ resumes: true, demo: 'if-used' }, async (session) => {
    const app = await findInstance(session, id);
    const reached = await untilReached(session, app, (now) => isUp(now.state) || isSettled(now));
    const notes = await Promise.all(
      (reached.notes ?? []).map(async (note) => {
        if (!note.secret || !show) return note;
        const { value } = await session.request('instances.note', { id: app.id, label: note.label });
        return { ...note, value };
      }),
    );
    if (json) return printJson(notes);
    printTable(
      ['NOTE', 'VALUE'],
      notes.map(({ label, value, secret }) => [label, secret && !show ? '•••••• (--show)' : value]),
    );
  });
}
