import { Button } from '@mantine/core';
import { IconArrowsLeftRight } from '@tabler/icons-react';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { useQuestion } from '../../components/use-question.ts';
import { goTo } from '../../keys.ts';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { TunnelFields } from './tunnel-fields.tsx';
import { checkDraft, emptyDraft, type TunnelDraft } from './tunnel-form-model.ts';

/** What was filled in, and what is being done with it. */
function useTunnelForm(clusters: readonly ClusterState[]) {
  const [draft, setDraft] = useState<TunnelDraft>(() => emptyDraft(clusters));
  const [failedChecks, setFailedChecks] = useState(0);
  const [failure, setFailure] = useState<AppError | null>(null);
  const opening = useQuestion();
  const form = useRef<HTMLFormElement>(null);
  const { input, errors } = checkDraft(draft);

  useEffect(() => {
    if (failedChecks > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [failedChecks]);

  const change = (changes: Partial<TunnelDraft>) => {
    setDraft((last) => ({ ...last, ...changes }));
    setFailure(null);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (opening.busy) return;
    if (!input) {
      setFailedChecks((last) => last + 1);
      return;
    }
    setFailure(null);
    try {
      const tunnel = await opening.ask(
        (signal) => invoke('tunnels.open', input, signal),
        // Whoever closed the dialog meanwhile does not want the tunnel.
        ({ id }) => void attempt('The tunnel did not close', invoke('tunnels.close', { id })),
      );
      if (!tunnel) return;
      ui.closeDialog();
      goTo('tunnels');
    } catch (error) {
      setFailure(AppError.from(error));
    }
  };

  return { form, draft, errors: failedChecks > 0 ? errors : {}, failure, isOpening: opening.busy, change, submit };
}

/** Asks what a tunnel leads to and where it is reached here, and opens it. */
export function TunnelDialog() {
  const clusters = useStore((state) => state.clusters);
  const formId = useId();
  const { form, draft, errors, failure, isOpening, change, submit } = useTunnelForm(clusters);
  return (
    <Dialog
      title="Open a tunnel"
      subtitle="From this computer to a port or socket of a cluster"
      icon={IconArrowsLeftRight}
      size={560}
      onClose={ui.closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button onClick={ui.closeDialog}>Cancel</Button>
          <Button type="submit" form={formId} variant="filled" loading={isOpening}>
            Open tunnel
          </Button>
        </>
      }
    >
      <form id={formId} ref={form} onSubmit={submit} noValidate>
        <TunnelFields draft={draft} clusters={clusters} errors={errors} onChange={change} />
      </form>
      {failure && <ErrorNote error={failure} title="The tunnel did not open" alert />}
    </Dialog>
  );
}
