import { useState } from 'react';
import type { ClusterInput, ResolvedHost } from '../../../electron/shared/clusters.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { checkDraft, type Draft, emptyDraft } from './cluster-form-model.ts';
import { useClusterTest } from './cluster-test.tsx';

interface ClusterFormOptions {
  /** The cluster to change; null adds one. */
  id: string | null;
  /** Called with the first wrong field when a test or saving is asked for. */
  onInvalid: (field: string) => void;
}

/** What the cluster dialog holds: the draft, its test, and saving it. */
export function useClusterForm({ id, onInvalid }: ClusterFormOptions) {
  const saved = useStore((state) => state.clusters.find((entry) => entry.cluster.id === id)?.cluster);
  const [draft, setDraft] = useState<Draft>(() => (saved ? { ...saved } : emptyDraft));
  const [unsupported, setUnsupported] = useState<string[]>([]);
  const [areErrorsShown, setErrorsShown] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const [isSaving, setSaving] = useState(false);
  const { test, run, cancel, reset } = useClusterTest();
  const { input, errors } = checkDraft(draft);

  const validInput = (): ClusterInput | null => {
    if (input === null) {
      setErrorsShown(true);
      onInvalid(Object.keys(errors)[0] ?? '');
    }
    return input;
  };
  return {
    saved,
    draft,
    unsupported,
    failure,
    isSaving,
    test,
    cancelTest: cancel,
    errorOf: (field: string) => (areErrorsShown ? errors[field] : undefined),
    set(changes: Partial<Draft>): void {
      setDraft((last) => ({ ...last, ...changes }));
      setFailure(null);
      reset();
    },
    takeHost(host: ResolvedHost): void {
      setDraft({ ...host.input });
      setUnsupported(host.unsupported);
      reset();
    },
    async runTest(): Promise<void> {
      const valid = validInput();
      if (valid) await run(valid);
    },
    async save({ andConnect = false } = {}): Promise<void> {
      const valid = validInput();
      if (!valid) return;
      setSaving(true);
      try {
        const { id: savedId } = await invoke('clusters.save', { id: id ?? undefined, input: valid });
        ui.chooseCluster(savedId);
        ui.closeDialog();
        if (andConnect) void attempt(`${valid.name} did not connect`, invoke('clusters.connect', { id: savedId }));
      } catch (error) {
        setFailure(AppError.from(error));
        setSaving(false);
      }
    },
  };
}

export type ClusterForm = ReturnType<typeof useClusterForm>;
