import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { allowsApi } from '../../../../electron/shared/api-policy.ts';
import { AppError } from '../../../../electron/shared/errors.ts';
import { invoke } from '../../../bridge.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { ErrorNote } from '../../../components/error-note.tsx';
import { useQuestion } from '../../../components/use-question.ts';
import { useStore } from '../../../store.ts';
import { ui } from '../../../ui-store.ts';
import { TokenFields } from './token-fields.tsx';
import { checkToken, emptyToken, type TokenDraft } from './token-form-model.ts';
import { revokeToken, showCreated } from './tokens-store.ts';

/** A first draft is for the cluster that the API is enabled for, where there is one only. */
function useFirstDraft(): TokenDraft {
  const clusters = useStore((state) => state.clusters);
  const enabled = clusters.filter(({ cluster }) => allowsApi(cluster));
  const only = (enabled.length === 1 ? enabled : clusters.length === 1 ? clusters : [])[0];
  return only ? { ...emptyToken, clusters: [only.cluster.id] } : emptyToken;
}

/** What was filled in, and what is being done with it. */
function useTokenForm() {
  const first = useFirstDraft();
  const [draft, setDraft] = useState(first);
  const [failedChecks, setFailedChecks] = useState(0);
  const [failure, setFailure] = useState<AppError | null>(null);
  const creating = useQuestion();
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (failedChecks > 0)
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid] input')?.focus();
  }, [failedChecks]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (creating.busy) return;
    const { input } = checkToken(draft, Date.now());
    if (!input) return setFailedChecks((last) => last + 1);
    setFailure(null);
    try {
      const created = await creating.ask(
        (signal) => invoke('tokens.create', input, signal),
        // Whoever closed the dialog meanwhile has not seen its text.
        ({ token }) => void revokeToken(token.id),
      );
      if (!created) return;
      ui.closeDialog();
      showCreated(created);
    } catch (error) {
      setFailure(AppError.from(error));
    }
  };

  return {
    form,
    draft,
    errors: failedChecks > 0 ? checkToken(draft, Date.now()).errors : { limits: {} },
    failure,
    isCreating: creating.busy,
    change(changes: Partial<TokenDraft>) {
      setDraft((last) => ({ ...last, ...changes }));
      setFailure(null);
    },
    submit,
  };
}

/** Asks what a new token is for and what it may do, and creates it. */
export function TokenDialog() {
  const formId = useId();
  const { form, draft, errors, failure, isCreating, change, submit } = useTokenForm();
  return (
    <Dialog
      title="New token"
      subtitle="For one script, notebook or agent"
      icon={IconKey}
      size={560}
      onClose={ui.closeDialog}
      firm
      footer={
        <>
          <span className="grow" />
          <Button onClick={ui.closeDialog}>Cancel</Button>
          <Button type="submit" form={formId} variant="filled" loading={isCreating}>
            Create token
          </Button>
        </>
      }
    >
      <form id={formId} ref={form} onSubmit={submit} noValidate>
        <TokenFields draft={draft} errors={errors} onChange={change} />
      </form>
      {failure && <ErrorNote error={failure} title="No token was created" alert />}
    </Dialog>
  );
}
