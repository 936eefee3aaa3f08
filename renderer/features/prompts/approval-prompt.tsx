import { Button, Loader } from '@mantine/core';
import { IconDeviceMobile } from '@tabler/icons-react';
import type { Prompt } from '../../../electron/shared/prompts.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { askingHost } from '../../text/prompt.ts';
import { useAnswer } from './use-answer.ts';

/** Nothing to type here: it closes by itself when the cluster goes on. */
export function ApprovalPrompt({ prompt }: { prompt: Extract<Prompt, { kind: 'approval' }> }) {
  const { cancel, error } = useAnswer(prompt);
  return (
    <Dialog
      title="Approve on your phone"
      subtitle={
        <>
          Sign-in to {askingHost(prompt)}, as <span className="mono">{prompt.subject}</span>
        </>
      }
      icon={IconDeviceMobile}
      tone="wait"
      size={460}
      firm
      onClose={cancel}
      footer={
        <>
          <span className="grow" />
          <Button data-autofocus onClick={cancel}>
            Cancel
          </Button>
        </>
      }
    >
      <p className="row" role="status">
        <Loader size={16} className="no-shrink" />
        {prompt.option === null
          ? 'The cluster has not answered yet. If it sent a request to your phone, approve it there.'
          : `Requested: ${prompt.option}. Tunel goes on when you have approved it.`}
      </p>
      {error && <ErrorNote error={error} alert />}
    </Dialog>
  );
}
