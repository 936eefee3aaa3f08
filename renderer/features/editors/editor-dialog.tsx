import { Button, TextInput } from '@mantine/core';
import { IconCode, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { type Editor, editorTitles } from '../../../electron/shared/editors.ts';
import type { SshInclude } from '../../../electron/shared/ssh-hosts.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import code from '../../components/code.module.css';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import surface from '../../components/surface.module.css';
import { ui } from '../../ui-store.ts';
import { type SshIncludeState, useSshInclude } from './use-ssh-include.ts';

/** What ssh would read, before anything is written. */
function Preview({ include }: { include: SshInclude }) {
  return (
    <section className={surface.well} aria-label="What it changes">
      <p>
        One line at the top of <code>{include.configFile}</code>:
      </p>
      <pre className={code.fingerprint}>{include.line}</pre>
      <details>
        <summary>What the included file contains</summary>
        <pre className={code.fingerprint}>{include.text}</pre>
      </details>
    </section>
  );
}

function Command({ text }: { text: string }) {
  return (
    <div className={`${surface.well} row align-start`}>
      <code className={`${code.fingerprint} grow`}>{text}</code>
      <IconButton
        icon={IconCopy}
        label="Copy the command"
        size={26}
        onClick={() => attempt('The command was not copied', invoke('desktop.copy', { text }))}
      />
    </div>
  );
}

interface FooterProps extends Pick<SshIncludeState, 'shown' | 'change'> {
  host: string;
  folder: string;
}

function Footer({ shown, host, folder, change }: FooterProps) {
  if (!shown?.include.isIncluded) {
    return (
      <>
        <span className="grow" />
        {shown && (
          <Button variant="filled" autoFocus data-autofocus onClick={() => void change('proxies.addSshInclude')}>
            Add to ~/.ssh/config
          </Button>
        )}
      </>
    );
  }
  const open = (editor: Editor) =>
    attempt(`${editorTitles[editor]} did not open`, invoke('desktop.openEditor', { editor, host, folder }));
  return (
    <>
      <LinkButton onClick={() => void change('proxies.removeSshInclude')}>Remove from ~/.ssh/config</LinkButton>
      <span className="grow" />
      {shown.editors.map((editor, index) => (
        <Button
          key={editor}
          variant="filled"
          autoFocus={index === 0 && folder.startsWith('/')}
          data-autofocus={index === 0 || undefined}
          disabled={!folder.startsWith('/')}
          onClick={() => open(editor)}
        >
          {editorTitles[editor]}
        </Button>
      ))}
    </>
  );
}

interface Props {
  host: string;
  title: string;
  clusterId: string;
  /** What it opens at first; absent: the home directory. */
  folder?: string;
}

/** Opens a cluster or the node of a running app in an editor, or shows how to reach it by ssh. */
export function EditorDialog({ host, title, clusterId, folder: wanted }: Props) {
  const { shown, error, change } = useSshInclude(clusterId);
  const [folder, setFolder] = useState<string | null>(wanted ?? null);
  const path = folder ?? shown?.home ?? '/';
  const isIncluded = shown?.include.isIncluded ?? false;
  return (
    <Dialog
      title={`Open ${title} in an editor`}
      subtitle="Over the connection that Tunel has: no password and no code are asked again."
      icon={IconCode}
      size={620}
      onClose={ui.closeDialog}
      footer={<Footer shown={shown} host={host} folder={path} change={change} />}
    >
      {error && <ErrorNote error={error} />}
      {shown && !isIncluded && (
        <>
          <p>Editors and other tools find clusters and running apps by names in your SSH configuration.</p>
          <Preview include={shown.include} />
        </>
      )}
      {isIncluded && (
        <>
          <TextInput label="Folder" value={path} onChange={(event) => setFolder(event.currentTarget.value)} />
          {shown?.editors.length === 0 && <p>No VS Code, Cursor or Positron was found on this computer.</p>}
          <p>In a terminal, or as the SSH host of any other tool:</p>
          <Command text={`ssh ${host}`} />
        </>
      )}
    </Dialog>
  );
}
