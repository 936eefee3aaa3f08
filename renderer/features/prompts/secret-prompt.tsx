import { Button, Checkbox, PasswordInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import type { Prompt } from '../../../electron/shared/prompts.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { Note } from '../../components/note.tsx';
import surface from '../../components/surface.module.css';
import { useStore } from '../../store.ts';
import { askingHost, hopTitle } from '../../text/prompt.ts';
import questionCss from './interactive-prompt.module.css';
import { useAnswer } from './use-answer.ts';

function Refused({ isPassword, times }: { isPassword: boolean; times: number }) {
  return (
    <Note tone="bad" role="alert">
      <strong className="bold">{isPassword ? 'Wrong password.' : 'Wrong passphrase.'}</strong> Try again
      {times > 1 ? `; ${times} answers were refused.` : '.'}
    </Note>
  );
}

export function SecretPrompt({ prompt }: { prompt: Extract<Prompt, { kind: 'secret' }> }) {
  const [value, setValue] = useState('');
  const [remember, setRemember] = useState(false);
  const keychain = useStore((state) => state.system.keychain);
  const { answer, cancel, busy, error } = useAnswer(prompt);
  const password = prompt.secret === 'password';
  const submit = () => void answer({ kind: 'secret', value, remember });
  return (
    <Dialog
      title={password ? `Sign in to ${askingHost(prompt)}` : `Passphrase for a key of ${prompt.clusterName}`}
      subtitle={
        <>
          {password && prompt.hop && `${hopTitle(prompt)}, as `}
          <span className="mono">{prompt.subject}</span>
        </>
      }
      icon={IconKey}
      tone="wait"
      size={460}
      firm
      onClose={cancel}
      footer={
        <>
          <span className="grow" />
          <Button onClick={cancel}>Cancel</Button>
          <Button variant="filled" loading={busy} onClick={submit}>
            {password ? 'Sign in' : 'Unlock'}
          </Button>
        </>
      }
    >
      {prompt.wrong > 0 && <Refused isPassword={password} times={prompt.wrong} />}
      {prompt.instructions && (
        <div className={surface.well}>
          <div className="text-xs text-tertiary">The cluster’s own text</div>
          <pre className={`${questionCss.question} mono`}>{prompt.instructions}</pre>
        </div>
      )}
      <PasswordInput
        data-autofocus
        label={password ? 'Password' : 'Passphrase'}
        value={value}
        autoComplete="off"
        onChange={(event) => setValue(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && submit()}
      />
      {prompt.canRemember && (
        <Checkbox
          label="Remember it"
          description={
            keychain === 'system' ? 'In the system keychain.' : 'In memory until you quit: there is no system keychain.'
          }
          checked={remember}
          onChange={(event) => setRemember(event.currentTarget.checked)}
        />
      )}
      {error && <ErrorNote error={error} alert />}
    </Dialog>
  );
}
