import { type ReactNode, useEffect } from 'react';
import { type Toast, ui, useUi } from '../ui-store.ts';
import { ErrorNote } from './error-note.tsx';
import { LinkButton } from './link-button.tsx';
import { Note } from './note.tsx';
import css from './toasts.module.css';

const stay = 6000;
/** Long enough to read it and to decide. */
const stayWithAction = 10_000;

function One({ toast }: { toast: Toast }) {
  const close = () => ui.dismiss(toast.id);
  useEffect(() => {
    if (toast.tone !== 'ok') return;
    const timer = setTimeout(() => ui.dismiss(toast.id), toast.action ? stayWithAction : stay);
    return () => clearTimeout(timer);
  }, [toast]);
  if (toast.error) return <ErrorNote error={toast.error} title={toast.title} onClose={close} alert />;
  return (
    <Note
      tone={toast.tone}
      role="status"
      onClose={close}
      action={
        toast.action && (
          <LinkButton
            onClick={() => {
              toast.action?.run();
              close();
            }}
          >
            {toast.action.label}
          </LinkButton>
        )
      }
    >
      {toast.title}
    </Note>
  );
}

/** `inline`: in the flow of the page, since an embedded view covers what floats. */
export function ToastArea({ inline = false, children }: { inline?: boolean; children: ReactNode }) {
  return <div className={inline ? `${css.toasts} ${css.inline}` : css.toasts}>{children}</div>;
}

/** Failures stay until dismissed. */
export function Toasts({ inline = false }: { inline?: boolean }) {
  const toasts = useUi((state) => state.toasts);
  if (toasts.length === 0) return null;
  return (
    <ToastArea inline={inline}>
      {toasts.map((toast) => (
        <One key={toast.id} toast={toast} />
      ))}
    </ToastArea>
  );
}
