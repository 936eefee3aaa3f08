import { useEffect, useState } from 'react';
import type { RequestInput } from '../../../electron/shared/contract/index.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import type { FolderSource, Inspection } from '../../../electron/shared/folders.ts';
import { invoke } from '../../bridge.ts';
import { useQuestion } from '../../components/use-question.ts';
import { useStore } from '../../store.ts';
import { ui, useUi } from '../../ui-store.ts';
import { type FolderDraft, toDraft } from './folder-draft.ts';
import { type SourceText, toSource } from './source-field.tsx';

/** A folder or zip that was dropped on the window. */
interface DroppedSource {
  kind: 'folder' | 'zip';
  path: string;
}

const textOf = (given: DroppedSource | undefined) => ({
  kind: given?.kind ?? ('folder' as const),
  text: given?.path ?? '',
});

/** Saves a folder as a recipe and opens its form. Whoever closed the dialog meanwhile does not want the form. */
async function saveAndLaunch(id: string | undefined, input: RequestInput<'folders.save'>['input']): Promise<void> {
  const { recipe } = await invoke('folders.save', { id, input });
  if (useUi.getState().dialog?.kind !== 'folder') return;
  ui.closeDialog();
  ui.launch(recipe);
}

/** The folder dialog's state: where the files are, what they were taken for, and saving them as a recipe. */
export function useFolderForm(given?: DroppedSource) {
  const firstCluster = useStore((state) => state.clusters[0]?.cluster.id ?? '');
  const folders = useStore((state) => state.folders);
  const [source, setSource] = useState<SourceText>({ ...textOf(given), clusterId: firstCluster });
  const [inspected, setInspected] = useState<Inspection | null>(null);
  const [draft, setDraft] = useState<FolderDraft | null>(null);
  const [isSaving, setSaving] = useState(false);
  const [failure, setFailure] = useState<{ title: string; error: AppError } | null>(null);
  const inspection = useQuestion();
  const findSaved = (wanted: FolderSource) =>
    folders.find(({ folder }) => JSON.stringify(folder.source) === JSON.stringify(wanted))?.folder;

  const inspect = async (asked: SourceText): Promise<void> => {
    setFailure(null);
    try {
      const clusterId = asked.kind === 'git' ? asked.clusterId : undefined;
      const found = await inspection.ask((signal) =>
        invoke('folders.inspect', { source: toSource(asked), clusterId }, signal),
      );
      if (!found) return;
      setInspected(found);
      setDraft(toDraft(found, findSaved(found.source)));
    } catch (error) {
      setFailure({ title: 'It was not read', error: AppError.from(error) });
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as the dialog opens with what was dropped
  useEffect(() => {
    if (given) void inspect(source);
  }, []);

  return {
    source,
    inspected,
    draft,
    setDraft,
    failure,
    isSaving,
    isInspecting: inspection.busy,
    changeSource(next: SourceText): void {
      inspection.stop();
      setSource(next);
      setInspected(null);
      setDraft(null);
      setFailure(null);
    },
    inspect,
    async save(): Promise<void> {
      if (!inspected || !draft) return;
      setSaving(true);
      try {
        await saveAndLaunch(findSaved(inspected.source)?.id, { ...draft, source: inspected.source });
      } catch (error) {
        setFailure({ title: 'It was not saved', error: AppError.from(error) });
        setSaving(false);
      }
    },
  };
}
