import { Button } from '@mantine/core';
import { IconCopy, IconEye, IconEyeOff, IconKey } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { attempt } from '../../../attempt.ts';
import { invoke } from '../../../bridge.ts';
import { IconButton } from '../../../components/icon-button.tsx';
import { stroke } from '../../../components/icons.tsx';
import { Note } from '../../../components/note.tsx';
import css from './api.module.css';
import { maskToken } from './token-text.ts';
import { forgetCreated, useTokens } from './tokens-store.ts';

/** The text of a new token, once: to copy, and to read where there is no clipboard. */
export function CreatedToken() {
  const created = useTokens((state) => state.created);
  return created && <CreatedNote key={created.token.id} {...created} />;
}

function CreatedNote({ token, text }: NonNullable<ReturnType<typeof useTokens.getState>['created']>) {
  const [isShown, setShown] = useState(false);
  const [isCopied, setCopied] = useState(false);
  const copyButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // After the dialog that is closing has given the focus back.
    queueMicrotask(() => copyButton.current?.focus());
  }, []);
  const copy = async () => setCopied(await attempt('The token was not copied', invoke('desktop.copy', { text })));
  return (
    <Note tone="ok" icon={IconKey} role="status" onClose={forgetCreated}>
      <strong className="bold">Token {token.name} created.</strong> Copy it now; it is not shown again.
      <div className={css.created}>
        <code className={`${css.secret} mono`}>{isShown ? text : maskToken(text)}</code>
        <IconButton
          icon={isShown ? IconEyeOff : IconEye}
          size={26}
          label={isShown ? 'Hide the token' : 'Show the token'}
          onClick={() => setShown(!isShown)}
        />
        <Button
          size="xs"
          ref={copyButton}
          leftSection={<IconCopy size={14} stroke={stroke} aria-hidden />}
          onClick={() => void copy()}
        >
          {isCopied ? 'Copied' : 'Copy token'}
        </Button>
        <span className="text-sm text-tertiary">
          or set <span className="mono">TUNEL_TOKEN</span>
        </span>
      </div>
    </Note>
  );
}
