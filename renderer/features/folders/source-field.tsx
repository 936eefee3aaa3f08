import { Button, SegmentedControl, Select, TextInput } from '@mantine/core';
import type { FolderSource } from '../../../electron/shared/folders.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { useStore } from '../../store.ts';

export interface SourceText {
  kind: FolderSource['kind'];
  text: string;
  /** Who clones a git address. */
  clusterId: string;
}

const kinds: { value: FolderSource['kind']; label: string }[] = [
  { value: 'folder', label: 'Folder' },
  { value: 'zip', label: 'Zip' },
  { value: 'git', label: 'Git' },
];

export const toSource = ({ kind, text }: SourceText): FolderSource =>
  kind === 'git' ? { kind, url: text.trim(), commit: '' } : { kind, path: text.trim() };

/** Where the files are: of this computer by its own dialog or typed, or an address that a cluster clones. */
export function SourceField(props: {
  value: SourceText;
  onChange: (value: SourceText) => void;
  onCheck: (value: SourceText) => void;
}) {
  const { value, onChange, onCheck } = props;
  const clusters = useStore((state) => state.clusters);
  const choose = async () => {
    if (value.kind === 'git') return;
    const { path } = await invoke('desktop.choosePath', { kind: value.kind });
    if (path === null) return;
    const chosen = { ...value, text: path };
    onChange(chosen);
    onCheck(chosen);
  };
  return (
    <>
      <SegmentedControl
        aria-label="Where it is"
        value={value.kind}
        data={kinds}
        onChange={(kind) =>
          onChange({ ...value, kind: kinds.find((known) => known.value === kind)?.value ?? 'folder', text: '' })
        }
      />
      <div className="row gap-12" style={{ alignItems: 'flex-end', marginBlockStart: 12 }}>
        <TextInput
          style={{ flex: 1 }}
          data-autofocus
          label={value.kind === 'git' ? 'Address' : 'Path on this computer'}
          placeholder={value.kind === 'git' ? 'https://example.org/me/app.git' : ''}
          value={value.text}
          onChange={(event) => onChange({ ...value, text: event.currentTarget.value })}
        />
        {value.kind !== 'git' && <Button onClick={() => attempt('The dialog did not open', choose())}>Choose…</Button>}
        {value.kind === 'git' && (
          <Select
            w={180}
            label="Cloned by"
            value={value.clusterId}
            onChange={(clusterId) => onChange({ ...value, clusterId: clusterId ?? '' })}
            data={clusters.map(({ cluster }) => ({ value: cluster.id, label: cluster.name }))}
          />
        )}
        <Button type="submit" disabled={value.text.trim() === ''}>
          {value.kind === 'folder' ? 'Check folder' : 'Check'}
        </Button>
      </div>
    </>
  );
}
