import { Accordion, ActionIcon, Button, NumberInput, Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { launcherNames, runtimeNames } from '../../../electron/shared/kinds.ts';
import { isLauncher, launcherLabels, runtimeLabels } from '../../../electron/shared/launcher-features.ts';
import { fieldLabel } from '../../components/field-label.tsx';
import form from '../../components/form-grid.module.css';
import { stroke } from '../../components/icons.tsx';
import { experimentalLabel, isExperimental } from '../../text/launcher.ts';
import css from './cluster-fields.module.css';
import type { ClusterFieldProps, Draft } from './cluster-form-model.ts';
import { Methods } from './methods-field.tsx';

const plainText = { spellCheck: false, autoComplete: 'off', autoCapitalize: 'off' } as const;

function Jumps({ draft, set, errorOf, fixed }: ClusterFieldProps) {
  const change = (index: number, changes: object) =>
    set({ jumps: draft.jumps.map((jump, at) => (at === index ? { ...jump, ...changes } : jump)) });
  return (
    <fieldset className={form.full} disabled={fixed}>
      <legend className="mantine-InputWrapper-label">
        {fieldLabel('Jump host', draft.jumps.length === 0 ? 'none' : 'in this order')}
      </legend>
      <div className="column" style={{ gap: 8 }}>
        {draft.jumps.map((jump, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a jump host is its place on the way
          <div className={css.jump} key={index}>
            <TextInput
              {...plainText}
              data-field={`jumps.${index}.host`}
              aria-label={`Jump host ${index + 1}`}
              placeholder="gate.example"
              classNames={{ input: 'mono' }}
              value={jump.host}
              onChange={(event) => change(index, { host: event.currentTarget.value })}
              error={errorOf(`jumps.${index}.host`)}
            />
            <NumberInput
              hideControls
              data-field={`jumps.${index}.port`}
              aria-label={`Port of jump host ${index + 1}`}
              value={jump.port}
              onChange={(port) => change(index, { port })}
              error={errorOf(`jumps.${index}.port`)}
            />
            <TextInput
              {...plainText}
              data-field={`jumps.${index}.user`}
              aria-label={`User on jump host ${index + 1}`}
              placeholder="user"
              value={jump.user}
              onChange={(event) => change(index, { user: event.currentTarget.value })}
              error={errorOf(`jumps.${index}.user`)}
            />
            <ActionIcon
              aria-label={`Remove jump host ${index + 1}`}
              onClick={() => set({ jumps: draft.jumps.filter((_, at) => at !== index) })}
            >
              <IconX size={16} stroke={stroke} aria-hidden />
            </ActionIcon>
          </div>
        ))}
        {!fixed && draft.jumps.length < 8 && (
          <Button
            size="xs"
            style={{ alignSelf: 'flex-start' }}
            leftSection={<IconPlus size={14} stroke={stroke} aria-hidden />}
            onClick={() => set({ jumps: [...draft.jumps, { host: '', port: 22, user: draft.user }] })}
          >
            Add a jump host
          </Button>
        )}
      </div>
    </fieldset>
  );
}

function Advanced({ draft, set, errorOf }: ClusterFieldProps) {
  const { defaults } = draft;
  const setDefault = (changes: Partial<Draft['defaults']>) => set({ defaults: { ...defaults, ...changes } });
  return (
    <Accordion chevronPosition="left" className={form.full} order={3}>
      <Accordion.Item value="advanced">
        <Accordion.Control>
          <span className="medium">Advanced</span>{' '}
          <span className="text-tertiary">key files, containers, queue, environment</span>
        </Accordion.Control>
        <Accordion.Panel>
          <div className={form.grid}>
            <TagsInput
              className={form.full}
              label={fieldLabel('Key files', 'empty: the usual ones')}
              placeholder={draft.keyFiles.length === 0 ? '~/.ssh/id_ed25519' : ''}
              value={draft.keyFiles}
              onChange={(keyFiles) => set({ keyFiles })}
              splitChars={['\n']}
            />
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
              data-field="menuReply"
              label={fieldLabel('Two-factor choice', 'empty: ask every time')}
              placeholder="1"
              value={draft.menuReply}
              onChange={(event) => set({ menuReply: event.currentTarget.value })}
              error={errorOf('menuReply')}
            />
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
          </div>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

export function ClusterFields(props: ClusterFieldProps) {
  const { draft, set, errorOf, fixed } = props;
  return (
    <div className={form.grid}>
      <TextInput
        data-field="name"
        data-autofocus
        label="Name"
        placeholder="My cluster"
        value={draft.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={errorOf('name')}
      />
      <Select
        label="Scheduler"
        value={draft.defaults.launcher}
        onChange={(launcher) =>
          set({
            defaults: { ...draft.defaults, launcher: launcher !== null && isLauncher(launcher) ? launcher : 'auto' },
          })
        }
        data={[
          { value: 'auto', label: 'Detect automatically' },
          ...launcherNames
            .filter((name) => name !== 'login')
            .map((name) => ({
              value: name,
              label: isExperimental(name) ? `${launcherLabels[name]}, ${experimentalLabel}` : launcherLabels[name],
            })),
          { value: 'login', label: 'None: run on the login node' },
        ]}
      />
      <div className={`${form.full} ${css.jump} ${css.login}`}>
        <TextInput
          {...plainText}
          data-field="host"
          label="Login node"
          placeholder="login.cluster.example"
          classNames={{ input: 'mono' }}
          disabled={fixed}
          value={draft.host}
          onChange={(event) => set({ host: event.currentTarget.value })}
          error={errorOf('host')}
        />
        <NumberInput
          hideControls
          data-field="port"
          label="Port"
          disabled={fixed}
          value={draft.port}
          onChange={(port) => set({ port })}
          error={errorOf('port')}
        />
        <TextInput
          {...plainText}
          data-field="user"
          label="User"
          disabled={fixed}
          value={draft.user}
          onChange={(event) => set({ user: event.currentTarget.value })}
          error={errorOf('user')}
        />
      </div>
      <Jumps {...props} />
      <Methods {...props} />
      <Advanced {...props} />
    </div>
  );
}
