import { Button } from '@mantine/core';
import { IconGauge } from '@tabler/icons-react';
import { type FormEvent, useId, useState } from 'react';
import { AppError } from '../../../../electron/shared/errors.ts';
import type { UsedToken } from '../../../../electron/shared/tokens.ts';
import { invoke } from '../../../bridge.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { ErrorNote } from '../../../components/error-note.tsx';
import { useQuestion } from '../../../components/use-question.ts';
import { ui } from '../../../ui-store.ts';
import css from './api.module.css';
import { EndFields } from './end-fields.tsx';
import { LimitFields } from './limit-fields.tsx';
import { checkChange, type TokenChangeDraft } from './token-form-model.ts';
import { limitsDraftOf } from './token-limits-draft.ts';
import { describeEnd, describeUsage } from './token-text.ts';
import { loadTokens, useTokens } from './tokens-store.ts';

/** Changes what a token may use and when it ends; nothing where it is gone meanwhile. */
export function TokenLimitsDialog({ id }: { id: string }) {
  const token = useTokens(({ tokens }) => tokens?.find((each) => each.id === id));
  return token && <LimitsForm token={token} />;
}

function useChange(token: UsedToken) {
  const [draft, setDraft] = useState<TokenChangeDraft>({
    limits: limitsDraftOf(token.limits),
    lifetime: 'keep',
    date: '',
  });
  const [isChecked, setChecked] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const saving = useQuestion();
  const checked = checkChange(draft, Date.now());
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (saving.busy) return;
    setChecked(true);
    if (!checked.change) return;
    const { change } = checked;
    setFailure(null);
    try {
      await saving.ask((signal) => invoke('tokens.update', { id: token.id, ...change }, signal));
      ui.closeDialog();
      await loadTokens();
    } catch (error) {
      setFailure(AppError.from(error));
    }
  };
  const change = (changes: Partial<TokenChangeDraft>) => setDraft((last) => ({ ...last, ...changes }));
  return { draft, errors: isChecked ? checked.errors : { limits: {} }, failure, isSaving: saving.busy, change, submit };
}

function LimitsForm({ token }: { token: UsedToken }) {
  const formId = useId();
  const { draft, errors, failure, isSaving, change, submit } = useChange(token);
  return (
    <Dialog
      title={`Limits of ${token.name}`}
      subtitle={`Today: ${describeUsage(token.today)}`}
      icon={IconGauge}
      size={560}
      onClose={ui.closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button onClick={ui.closeDialog}>Cancel</Button>
          <Button type="submit" form={formId} variant="filled" loading={isSaving}>
            Save
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className={css.fields}>
        <LimitFields isFirst limits={draft.limits} errors={errors.limits} onChange={(limits) => change({ limits })} />
        <EndFields draft={draft} error={errors.date} onChange={change} kept={describeEnd(token, Date.now())} />
      </form>
      {failure && <ErrorNote error={failure} title="The token did not change" alert />}
    </Dialog>
  );
}
