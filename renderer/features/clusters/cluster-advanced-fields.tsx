import { Accordion, Button, Checkbox, Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import { transportNames } from '../../../electron/shared/clusters.ts';
import { runtimeNames } from '../../../electron/shared/kinds.ts';
import { runtimeLabels } from '../../../electron/shared/launcher-features.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { descriptionLast, fieldLabel } from '../../components/field-label.tsx';
import form from '../../components/form-grid.module.css';
import { type ClusterFieldProps, type Draft, plainText } from './cluster-form-model.ts';

function TransportField({ draft, set }: Pick<ClusterFieldProps, 'draft' | 'set'>) {
  return (
    <Select
      className={form.full}
      label="Connect with"
      inputWrapperOrder={descriptionLast}
      description="OpenSSH also takes certificates, security keys, Kerberos and ProxyCommand, and follows ~/.ssh/config."
      value={draft.transport}
      onChange={(name) => set({ transport: transportNames.find((entry) => entry === name) ?? 'ssh2' })}
      data={[
        { value: 'ssh2', label: 'Built-in SSH' },
        { value: 'openssh', label: 'OpenSSH of this computer' },
      ]}
      allowDeselect={false}
    />
  );
}

function KeyFilesField({ draft, set }: Pick<ClusterFieldProps, 'draft' | 'set'>) {
  const browse = () =>
    attempt(
      'The dialog did not open',
      invoke('desktop.choosePath', { kind: 'key' }).then(({ path }) => {
        if (path !== null && !draft.keyFiles.includes(path)) set({ keyFiles: [...draft.keyFiles, path] });
      }),
    );
  return (
    <TagsInput
      className={form.full}
      label={fieldLabel('Key files', 'empty: the usual ones')}
      placeholder={draft.keyFiles.length === 0 ? '~/.ssh/id_ed25519' : ''}
      value={draft.keyFiles}
      onChange={(keyFiles) => set({ keyFiles })}
      splitChars={['\n']}
      rightSectionWidth={76}
      rightSectionPointerEvents="all"
      rightSection={
        <Button variant="subtle" size="compact-sm" aria-label="Browse for a key file" onClick={browse}>
          Browse
        </Button>
      }
    />
  );
}

function SignInFields({ draft, set, errorOf }: ClusterFieldProps) {
  return (
    <>
      {window.tunel.platform !== 'win32' && <TransportField draft={draft} set={set} />}
      <KeyFilesField draft={draft} set={set} />
      <TextInput
        {...plainText}
        data-field="knownHostsFile"
        label={fieldLabel('Known hosts file', 'besides your own')}
        value={draft.knownHostsFile}
        onChange={(event) => set({ knownHostsFile: event.currentTarget.value })}
        error={errorOf('knownHostsFile')}
      />
      <TextInput
        {...plainText}
        data-field="hostKeyAlias"
        label={fieldLabel('Host key name', 'empty: the address')}
        value={draft.hostKeyAlias}
        onChange={(event) => set({ hostKeyAlias: event.currentTarget.value })}
        error={errorOf('hostKeyAlias')}
      />
      <TextInput
        {...plainText}
        data-field="agentSocket"
        label={fieldLabel('SSH agent socket', 'empty: the usual one')}
        value={draft.agentSocket}
        onChange={(event) => set({ agentSocket: event.currentTarget.value })}
        error={errorOf('agentSocket')}
      />
      <Checkbox
        className={form.full}
        label="Offer only the key files above"
        description="Also of the keys that the SSH agent holds."
        checked={draft.identitiesOnly}
        onChange={(event) => set({ identitiesOnly: event.currentTarget.checked })}
      />
      <TextInput
        {...plainText}
        data-field="menuReply"
        label={fieldLabel('Two-factor choice', 'empty: ask every time')}
        placeholder="1"
        value={draft.menuReply}
        onChange={(event) => set({ menuReply: event.currentTarget.value, menuQuestion: '' })}
        error={errorOf('menuReply')}
      />
    </>
  );
}

/** What a launch on this cluster begins with. */
function DefaultFields({ draft, set, errorOf }: ClusterFieldProps) {
  const { defaults } = draft;
  const setDefault = (changes: Partial<Draft['defaults']>) => set({ defaults: { ...defaults, ...changes } });
  return (
    <>
      <Select
        label={fieldLabel('Containers', 'where a recipe has one')}
        value={defaults.runtime}
        onChange={(name) => setDefault({ runtime: runtimeNames.find((entry) => entry === name) ?? 'auto' })}
        data={[
          { value: 'auto', label: 'Automatic' },
          ...runtimeNames.map((name) => ({ value: name, label: runtimeLabels[name] })),
        ]}
      />
      <TextInput
        {...plainText}
        data-field="defaults.queue"
        label={fieldLabel('Queue', 'optional')}
        value={defaults.queue}
        onChange={(event) => setDefault({ queue: event.currentTarget.value })}
        error={errorOf('defaults.queue')}
      />
      <TextInput
        {...plainText}
        data-field="defaults.account"
        label={fieldLabel('Account', 'optional')}
        value={defaults.account}
        onChange={(event) => setDefault({ account: event.currentTarget.value })}
        error={errorOf('defaults.account')}
      />
      <TextInput
        {...plainText}
        className={form.full}
        data-field="defaults.workDirectory"
        label={fieldLabel('Start in', 'a directory there; empty: home')}
        classNames={{ input: 'mono' }}
        value={defaults.workDirectory}
        onChange={(event) => setDefault({ workDirectory: event.currentTarget.value })}
        error={errorOf('defaults.workDirectory')}
      />
      <TagsInput
        className={form.full}
        label="Modules"
        value={defaults.modules}
        onChange={(modules) => setDefault({ modules })}
      />
      <Textarea
        {...plainText}
        className={form.full}
        label={fieldLabel('Environment', 'shell lines before every script')}
        autosize
        minRows={2}
        maxRows={6}
        classNames={{ input: 'mono' }}
        value={defaults.environment}
        onChange={(event) => setDefault({ environment: event.currentTarget.value })}
      />
    </>
  );
}

export function AdvancedFields(props: ClusterFieldProps) {
  return (
    <Accordion chevronPosition="left" className={form.full} order={3}>
      <Accordion.Item value="advanced">
        <Accordion.Control>
          <span className="medium">Advanced</span>{' '}
          <span className="text-tertiary">key files, containers, queue, environment</span>
        </Accordion.Control>
        <Accordion.Panel>
          <div className={form.grid}>
            <SignInFields {...props} />
            <DefaultFields {...props} />
          </div>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
