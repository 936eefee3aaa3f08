import { useState } from 'react';
import type { Instance, Note } from '../../../electron/shared/instances.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { LinkButton } from '../../components/link-button.tsx';
import css from './app-notes.module.css';

/** What the app printed for its user at its start: addresses, names, passwords. A secret is shown when it is asked for. */
export function AppNotes({ instance }: { instance: Instance }) {
  if (!instance.notes || instance.notes.length === 0) return null;
  return (
    <dl className={css.notes}>
      {instance.notes.map((note) => (
        <div key={note.label} className="row gap-12">
          <dt className="text-sm text-secondary">{note.label}</dt>
          <dd className="text-sm truncate">
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
      <span className="row gap-12">
        <span className="mono">{value}</span>
        <LinkButton onClick={() => setValue(null)}>Hide</LinkButton>
      </span>
    );
  }
  const show = async () => setValue((await invoke('instances.note', { id, label: note.label })).value);
  return (
    <LinkButton aria-label={`Show ${note.label}`} onClick={() => attempt(`${note.label} could not be read`, show())}>
      Show
    </LinkButton>
  );
}
