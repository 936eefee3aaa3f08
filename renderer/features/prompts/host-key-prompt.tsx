import { Button, Checkbox, TextInput } from '@mantine/core';
import { IconCircleCheck, IconCopy, IconFingerprint } from '@tabler/icons-react';
import { useState } from 'react';
import type { Prompt } from '../../../electron/shared/prompts.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import code from '../../components/code.module.css';
import definitions from '../../components/definition-list.module.css';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { fieldLabel } from '../../components/field-label.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { stroke } from '../../components/icons.tsx';
import { Note } from '../../components/note.tsx';
import surface from '../../components/surface.module.css';
import { compareFingerprint } from './compare-fingerprint.ts';
import { OpenSshOffer } from './openssh-offer.tsx';
import { useAnswer } from './use-answer.ts';

type HostKeyQuestion = Extract<Prompt, { kind: 'host-key' }>;

function Fingerprint({ prompt }: { prompt: HostKeyQuestion }) {
  return (
    <div className={surface.well}>
      <div className="row">
        <span className="text-xs text-tertiary grow">
          {prompt.keyType.replace(/^ssh-/, '').toUpperCase()} fingerprint
        </span>
        <IconButton
          icon={IconCopy}
          label="Copy the fingerprint"
          size={26}
          onClick={() =>
            attempt('The fingerprint was not copied', invoke('desktop.copy', { text: prompt.fingerprint }))
          }
        />
      </div>
      <code className={code.fingerprint}>{prompt.fingerprint}</code>
    </div>
  );
}

/** The fingerprint that the cluster's support published, compared with the one received. */
function PublishedFingerprint(props: {
  value: string;
  comparison: ReturnType<typeof compareFingerprint>;
  onChange: (value: string) => void;
}) {
  return (
    <div>
      <TextInput
        data-autofocus
        label={fieldLabel('Published fingerprint', 'optional, checked here')}
        classNames={{ input: 'mono' }}
        spellCheck={false}
        autoComplete="off"
        placeholder="SHA256:"
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        error={props.comparison === 'differs' ? 'It differs. Do not connect; ask your support.' : undefined}
      />
      {props.comparison === 'same' && (
        <div className="row text-sm tone-ok medium" role="status" style={{ marginBlockStart: 6 }}>
          <IconCircleCheck size={14} stroke={stroke} aria-hidden /> Every character matches
        </div>
      )}
    </div>
  );
}

function UncheckedAuthority({ prompt, file, line }: { prompt: HostKeyQuestion; file: string; line: number }) {
  return (
    <Note tone="wait" action={<OpenSshOffer prompt={prompt} />}>
      A certificate authority in {file}, line {line}, vouches for this host. The built-in SSH cannot check its
      certificates: compare the key itself, or use OpenSSH, which can.
    </Note>
  );
}

export function HostKeyPrompt({ prompt }: { prompt: HostKeyQuestion }) {
  const [published, setPublished] = useState('');
  const [save, setSave] = useState(true);
  const { answer, cancel, busy, error } = useAnswer(prompt);
  const comparison = compareFingerprint(prompt.fingerprint, published);
  const address = prompt.port === 22 ? prompt.host : `${prompt.host}, port ${prompt.port}`;
  return (
    <Dialog
      title={`First time at ${prompt.host}`}
      subtitle="Make sure it is your cluster before you sign in."
      icon={IconFingerprint}
      size={540}
      firm
      onClose={cancel}
      footer={
        <>
          <span className="grow" />
          <Button onClick={cancel}>Do not connect</Button>
          <Button
            variant="filled"
            loading={busy}
            disabled={comparison === 'differs'}
            onClick={() => answer({ kind: 'host-key', accept: true, save })}
          >
            Trust and connect
          </Button>
        </>
      }
    >
      <p>
        {prompt.jump ? 'The jump host' : 'The cluster'} shows this key. Your support pages list the same fingerprint;
        compare all of it, or paste it below.
      </p>
      <Fingerprint prompt={prompt} />
      <PublishedFingerprint value={published} comparison={comparison} onChange={setPublished} />
      {prompt.authority && <UncheckedAuthority prompt={prompt} {...prompt.authority} />}
      <dl className={definitions.list}>
        <dt>Cluster</dt>
        <dd>
          {prompt.clusterName}, {address}
        </dd>
      </dl>
      {prompt.canSave !== false && (
        <Checkbox
          label="Keep this key"
          description="In Tunel’s own file; your known_hosts stays as it is. Otherwise it is trusted until you quit."
          checked={save}
          onChange={(event) => setSave(event.currentTarget.checked)}
        />
      )}
      {error && <ErrorNote error={error} alert />}
    </Dialog>
  );
}
