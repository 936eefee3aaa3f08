import { Select, TextInput } from '@mantine/core';
import { type FolderStart, folderKindNames, folderKinds, type Inspection } from '../../../electron/shared/folders.ts';
import bullets from '../../components/bullet-list.module.css';
import { Note } from '../../components/note.tsx';
import { count, formatFileSize } from '../../text/size.ts';
import type { FolderDraft } from './folder-draft.ts';

const confidenceLabels = { sure: 'Recognised', likely: 'Probably', guess: 'A guess' } as const;

const describeEnvironment = ({ kind, files }: FolderStart['environment']): string =>
  kind === 'none'
    ? 'Nothing is installed before it starts.'
    : `${{ venv: 'A Python environment', conda: 'A conda environment', npm: 'Packages of npm', renv: 'R packages' }[kind]} from ${files.join(', ')}, installed once and kept on the cluster.`;

function RecognitionNote({ inspected }: { inspected: Inspection }) {
  const { recognition, source } = inspected;
  return (
    <Note tone={recognition.confidence === 'guess' ? 'wait' : 'ok'} role="status">
      <strong className="bold">
        {confidenceLabels[recognition.confidence]}: {folderKindNames[recognition.kind]}.
      </strong>{' '}
      {recognition.why.join('; ')}.
      <div className="text-secondary tabular">
        {source.kind === 'git'
          ? `The cluster clones ${count(inspected.files, 'file')}, ${formatFileSize(inspected.bytes)}, at commit ${source.commit.slice(0, 12)}.`
          : `${count(inspected.files, 'file')}, ${formatFileSize(inspected.bytes)} to send; later only what changed.`}
      </div>
    </Note>
  );
}

/** The ways to start it, where there are several; the one in use is the line below. */
function StartChoice(props: {
  inspected: Inspection;
  start: FolderStart;
  onChange: (changes: Partial<FolderStart>) => void;
}) {
  const { inspected, start, onChange } = props;
  const all = [inspected.recognition, ...inspected.candidates].filter(({ line }) => line !== '');
  if (inspected.candidates.length === 0 || all.length === 0) return null;
  return (
    <Select
      label="Started as"
      description="Several starts fit this folder."
      placeholder="Choose how it starts"
      allowDeselect={false}
      value={all.some(({ line }) => line === start.line) ? start.line : null}
      data={all.map(({ kind, line, why }) => ({ value: line, label: `${folderKindNames[kind]}: ${why[0] ?? line}` }))}
      onChange={(line) => {
        const chosen = all.find((each) => each.line === line);
        if (!chosen) return;
        const { kind, environment, listen, rescale } = chosen;
        onChange({ kind, line: chosen.line, environment, listen, rescale });
      }}
    />
  );
}

function ServerFields({ start, onChange }: { start: FolderStart; onChange: (changes: Partial<FolderStart>) => void }) {
  return (
    <div className="row gap-12">
      <Select
        label="Kind"
        style={{ flex: 1 }}
        value={start.kind}
        data={folderKinds.map((kind) => ({ value: kind, label: folderKindNames[kind] }))}
        onChange={(kind) => onChange({ kind: folderKinds.find((known) => known === kind) ?? 'other' })}
      />
      <Select
        label="Listens on"
        style={{ flex: 1 }}
        value={start.listen}
        data={[
          { value: 'socket', label: 'A socket only you can open' },
          { value: 'port', label: 'A port of its node' },
        ]}
        onChange={(listen) => onChange({ listen: listen === 'port' ? 'port' : 'socket' })}
      />
    </div>
  );
}

function NotUploaded({ inspected }: { inspected: Inspection }) {
  const hidden = inspected.left.length + inspected.leftMore;
  if (hidden === 0) return null;
  return (
    <details className="text-sm">
      <summary>{count(hidden, 'item')} not uploaded</summary>
      <ul className={bullets.list}>
        {inspected.left.map(({ name, why }) => (
          <li key={name}>
            <code className="mono">{name}</code> <span className="text-tertiary">{why}</span>
          </li>
        ))}
        {inspected.leftMore > 0 && <li>and {inspected.leftMore} more</li>}
      </ul>
    </details>
  );
}

/** What a source was taken for, what would be sent and what stays; the start line can be changed. */
export function Recognised(props: {
  inspected: Inspection;
  draft: FolderDraft;
  onChange: (draft: FolderDraft) => void;
}) {
  const { inspected, draft, onChange } = props;
  const setStart = (start: Partial<FolderStart>) => onChange({ ...draft, start: { ...draft.start, ...start } });
  return (
    <>
      <RecognitionNote inspected={inspected} />
      <TextInput
        label="Name"
        value={draft.title}
        maxLength={100}
        onChange={(event) => onChange({ ...draft, title: event.currentTarget.value })}
      />
      <StartChoice inspected={inspected} start={draft.start} onChange={setStart} />
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
      <ServerFields start={draft.start} onChange={setStart} />
      <p className="text-sm text-secondary">{describeEnvironment(draft.start.environment)}</p>
      <NotUploaded inspected={inspected} />
    </>
  );
}
