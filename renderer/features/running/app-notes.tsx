import { useState } from 'react';
import type { Instance, Note } from '../../../electron/shared/instances.ts';
import { actions, attempt } from '../../actions.ts';

/** What the app told its user at its start: addresses, names, passwords. A secret is shown when it is asked for. */
export function AppNotes({ instance }: { instance: Instance }) {
  if (!instance.notes || instance.notes.length === 0) return null;
  return (
    <dl className="run-note app-notes">
      {instance.notes.map((note) => (
        <div key={note.label} className="row g3">
          <dt className="s dim">{note.label}</dt>
          <dd className="s cut">
            {note.secret ? <Secret id={instance.id} note={note} /> : <span className="mono">{note.value}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Secret({ id, note }: { id: string; note: Note }) {
  const [value, setValue] = useState<string | null>(null);
  if (value !== null) {
    return (
      <span className="row g3">
        <span className="mono">{value}</span>
        <button type="button" className="link" onClick={() => setValue(null)}>
          Hide
        </button>
      </span>
    );
  }
  const show = async () => setValue((await actions.note(id, note.label)).value);
  return (
    <button
      type="button"
      className="link"
      aria-label={`Show ${note.label}`}
      onClick={() => attempt(`${note.label} could not be read`, show())}
    >
      Show
    </button>
  );
}
