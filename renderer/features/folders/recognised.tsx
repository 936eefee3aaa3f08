import { Select, TextInput } from '@mantine/core';
import { type FolderStart, folderKindNames, folderKinds, type Inspection } from '../../../electron/shared/folders.ts';
import bullets from '../../components/bullet-list.module.css';
import { Note } from '../../components/note.tsx';
import { count, formatFileSize } from '../../text/size.ts';

export interface FolderDraft {
  title: string;
  start: FolderStart;
}

const sure = { sure: 'Recognised', likely: 'Probably', guess: 'A guess' } as const;

const describeEnvironment = ({ kind, files }: FolderStart['environment']): string =>
  kind === 'none'
    ? 'Nothing is installed before it starts.'
    : `${{ venv: 'A Python environment', npm: 'Packages of npm', renv: 'R packages' }[kind]} from ${files.join(', ')}, installed once and kept on the cluster.`;

/** What a source was taken for, what would be sent and what stays; the start line can be changed. */
export function Recognised(props: { seen: Inspection; draft: FolderDraft; onChange: (draft: FolderDraft) => void }) {
  const { seen, draft, onChange } = props;
  const { recognition, source } = seen;
  const setStart = (start: Partial<FolderStart>) => onChange({ ...draft, start: { ...draft.start, ...start } });
  const hidden = seen.left.length + seen.leftMore;
  return (
    <>
      <Note tone={recognition.confidence === 'guess' ? 'wait' : 'ok'} role="status">
        <strong className="bold">
          {sure[recognition.confidence]}: {folderKindNames[recognition.kind]}.
        </strong>{' '}
        {recognition.why.join('; ')}.
        <div className="text-secondary tabular">
          {source.kind === 'git'
            ? `The cluster clones ${count(seen.files, 'file')}, ${formatFileSize(seen.bytes)}, at commit ${source.commit.slice(0, 12)}.`
            : `${count(seen.files, 'file')}, ${formatFileSize(seen.bytes)} to send; later only what changed.`}
        </div>
      </Note>
      <TextInput
        label="Name"
        value={draft.title}
        maxLength={100}
        onChange={(event) => onChange({ ...draft, title: event.currentTarget.value })}
      />
      <TextInput
        label="Start line"
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        description="Run in the folder. The app listens on $TUNEL_SOCKET, or on port $TUNEL_PORT of its node."
        classNames={{ input: 'mono' }}
        spellCheck={false}
        value={draft.start.line}
        error={draft.start.line.trim() === '' ? 'Write the line that starts it.' : undefined}
        onChange={(event) => setStart({ line: event.currentTarget.value })}
      />
      <div className="row gap-12">
        <Select
          label="Kind"
          style={{ flex: 1 }}
          value={draft.start.kind}
          data={folderKinds.map((kind) => ({ value: kind, label: folderKindNames[kind] }))}
          onChange={(kind) => setStart({ kind: folderKinds.find((known) => known === kind) ?? 'other' })}
        />
        <Select
          label="Listens on"
          style={{ flex: 1 }}
          value={draft.start.listen}
          data={[
            { value: 'socket', label: 'A socket only you can open' },
            { value: 'port', label: 'A port of its node' },
          ]}
          onChange={(listen) => setStart({ listen: listen === 'port' ? 'port' : 'socket' })}
        />
      </div>
      <p className="text-sm text-secondary">{describeEnvironment(draft.start.environment)}</p>
      {hidden > 0 && (
        <details className="text-sm">
          <summary>{count(hidden, 'item')} not uploaded</summary>
          <ul className={bullets.list}>
            {seen.left.map(({ name, why }) => (
              <li key={name}>
                <code className="mono">{name}</code> <span className="text-tertiary">{why}</span>
              </li>
            ))}
            {seen.leftMore > 0 && <li>and {seen.leftMore} more</li>}
          </ul>
        </details>
      )}
    </>
  );
}
