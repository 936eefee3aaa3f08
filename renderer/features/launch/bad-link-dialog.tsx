import { Button } from '@mantine/core';
import { IconLinkOff } from '@tabler/icons-react';
import type { AppError } from '../../../electron/shared/errors.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { ui } from '../../ui-store.ts';

/** A launch link that fills no form here, and why. Nothing was launched. */
export function BadLinkDialog({ error }: { error: AppError }) {
  return (
    <Dialog
      title="This launch link does not open"
      subtitle="Nothing was launched."
      icon={IconLinkOff}
      tone="wait"
      size={480}
      onClose={ui.closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button variant="filled" onClick={ui.closeDialog} data-autofocus>
            Close
          </Button>
        </>
      }
    >
      <ErrorNote error={error} tone="wait" alert />
    </Dialog>
  );
}
