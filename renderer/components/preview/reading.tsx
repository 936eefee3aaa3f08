import { Loader } from '@mantine/core';
import type { SerializedError } from '../../../electron/shared/errors.ts';
import { ErrorNote } from '../error-note.tsx';
import pane from '../pane-parts.module.css';

export function Reading() {
  return (
    <div className={pane.notice} role="status">
      <Loader size="sm" /> Reading
    </div>
  );
}

export function NotRead({ error }: { error: SerializedError }) {
  return (
    <div className={pane.notice}>
      <ErrorNote title="It could not be read" error={error} alert />
    </div>
  );
}
