import { type ReactNode, useState } from 'react';
import type { FieldError, SerializedError } from '../../electron/shared/errors.ts';
import { joinEvidence } from '../text/evidence.ts';
import bullets from './bullet-list.module.css';
import { Evidence } from './evidence.tsx';
import { LinkButton } from './link-button.tsx';
import { Note } from './note.tsx';

/** Text in which `backticks` mark what is typed. */
function Coded({ text }: { text: string }) {
  return (
    <>
      {text.split(/`([^`]+)`/).map((part, index) =>
        index % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never move
          <code key={index} className="mono">
            {part}
          </code>
        ) : (
          part
        ),
      )}
    </>
  );
}

/** One line for each field; a single one is in the error's sentence already. */
function FieldErrors({ errors }: { errors: readonly FieldError[] }) {
  if (errors.length < 2) return null;
  return (
    <ul className={bullets.list}>
      {errors.map(({ field, code, message }) => (
        <li key={`${field} ${code} ${message}`}>
          <code className="mono">{field}</code>: {message}
        </li>
      ))}
    </ul>
  );
}

/** What failed and why, one thing to do, and the evidence one click away. */
export function ErrorNote(props: {
  error: SerializedError;
  title?: string;
  evidence?: string;
  action?: ReactNode;
  onClose?: () => void;
  alert?: boolean;
  /** `wait` where nothing is broken, only the user is needed. */
  tone?: 'bad' | 'wait';
}) {
  const { error } = props;
  const [open, setOpen] = useState(false);
  const evidence = joinEvidence(error.detail, props.evidence);
  return (
    <div>
      <Note
        tone={props.tone ?? 'bad'}
        role={props.alert ? 'alert' : undefined}
        onClose={props.onClose}
        action={
          <>
            {props.action}
            {evidence && (
              <LinkButton aria-expanded={open} onClick={() => setOpen(!open)}>
                {open ? 'Hide evidence' : 'Show evidence'}
              </LinkButton>
            )}
          </>
        }
      >
        {props.title && <strong className="bold">{props.title}. </strong>}
        <Coded text={error.message} />
        <FieldErrors errors={error.errors ?? []} />
        {error.hint && (
          <div className="text-secondary">
            <Coded text={error.hint} />
          </div>
        )}
      </Note>
      {open && <Evidence text={evidence} />}
    </div>
  );
}
