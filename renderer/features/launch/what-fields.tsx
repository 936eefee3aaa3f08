import { TagsInput, TextInput } from '@mantine/core';
import { launcherFeatures, launcherLabels } from '../../../electron/shared/launcher-features.ts';
import code from '../../components/code.module.css';
import { CombinationField } from '../../components/combination-field.tsx';
import { descriptionLast, fieldLabel } from '../../components/field-label.tsx';
import form from '../../components/form-grid.module.css';
import { LinkButton } from '../../components/link-button.tsx';
import surface from '../../components/surface.module.css';
import { count } from '../../text/size.ts';
import { ui } from '../../ui-store.ts';
import { ConnectHint } from './connect-hint.tsx';
import { effectiveLauncher, launcherOf } from './launch-values.ts';
import { PathField } from './path-field.tsx';
import type { PlaceProps } from './where-fields.tsx';

/** Where the app begins, and what the user calls it. */
export function WhatFields({ recipe, cluster, values, set, errorOf }: PlaceProps) {
  return (
    <section className={form.grid} aria-label="Folder and name">
      <PathField
        field="workDirectory"
        title="Start in"
        label={fieldLabel('Start in', 'optional')}
        pick="folder"
        placeholder={
          recipe.serves ? cluster?.cluster.defaults.workDirectory || 'Your home directory' : 'Its own directory'
        }
        cluster={cluster}
        value={values.workDirectory}
        onChange={(workDirectory) => set({ workDirectory })}
        error={errorOf('workDirectory')?.message}
      />
      <TextInput
        data-field="title"
        label={fieldLabel('Name', 'optional')}
        placeholder={recipe.title}
        value={values.title}
        onChange={(event) => set({ title: event.currentTarget.value })}
        error={errorOf('title')?.message}
      />
    </section>
  );
}

/** Names to offer at once; typing finds the others. */
const shownModules = 60;

export function ModulesField({ cluster, values, set }: PlaceProps) {
  const modules = cluster?.facts?.modules ?? [];
  const always = cluster?.cluster.defaults.modules ?? [];
  return (
    <div className={form.full}>
      <TagsInput
        label={fieldLabel('Modules', modules.length > 0 ? `type to search ${modules.length}` : 'Enter adds one')}
        placeholder={values.modules.length === 0 ? (modules[0] ?? 'python/3.11') : ''}
        data={modules}
        limit={shownModules}
        maxDropdownHeight={240}
        description={always.length > 0 ? `Always loaded here: ${always.join(', ')}.` : undefined}
        inputWrapperOrder={descriptionLast}
        value={values.modules}
        onChange={(next) => set({ modules: next })}
      />
      {modules.length === 0 && <ConnectHint cluster={cluster} what="modules" />}
    </div>
  );
}

/** What of a scheduler's features the launch in the form can use; null: it has none. */
export function schedulerOf({ recipe, cluster, values }: Pick<PlaceProps, 'recipe' | 'cluster' | 'values'>) {
  const launcher = effectiveLauncher(values, recipe, cluster);
  const can = launcher === null ? null : launcherFeatures[launcher];
  return launcher === null || !can ? null : { launcher, can, info: launcherOf(cluster, launcher) };
}

export function AccountFields(props: PlaceProps) {
  const { cluster, values, set, errorOf } = props;
  const scheduler = schedulerOf(props);
  if (!scheduler) return null;
  const { can, info } = scheduler;
  const qos = info?.qos ?? [];
  const accounts = new Set(info?.accounts ?? []).size;
  const shared = { chosen: values, info, isOpen: true, empty: 'The cluster’s default' };
  return (
    <>
      <CombinationField
        {...shared}
        field="account"
        title="Account"
        limit={accounts > 0 ? count(accounts, 'account') : 'optional'}
        onChange={(account) => set({ account })}
        error={errorOf('account')?.message}
      />
      {can.qos && (
        <CombinationField
          {...shared}
          field="qos"
          title="Quality of service"
          limit={qos.length > 0 ? `${qos.length} you may ask for` : 'optional'}
          onChange={(next) => set({ qos: next })}
          error={errorOf('qos')?.message}
        />
      )}
      {!info && <ConnectHint cluster={cluster} what="accounts" />}
    </>
  );
}

export function SchedulerOptions(props: PlaceProps) {
  const { values, set, errorOf } = props;
  const scheduler = schedulerOf(props);
  if (!scheduler) return null;
  const { can, launcher } = scheduler;
  return (
    <TagsInput
      className={form.full}
      data-field="options"
      label={fieldLabel('Scheduler options', 'Enter adds one')}
      description={`Options in ${launcherLabels[launcher]}’s own syntax, one at a time.`}
      inputWrapperOrder={descriptionLast}
      placeholder={values.options.length === 0 ? can.options : ''}
      classNames={{ input: 'mono' }}
      splitChars={['\n']}
      maxTags={50}
      value={values.options}
      onChange={(options) => set({ options })}
      error={errorOf('options')?.message}
    />
  );
}

/** Lines of the cluster's own settings that run before every script. */
export function EnvironmentLines({ cluster }: Pick<PlaceProps, 'cluster'>) {
  return (
    <div className={form.full}>
      <div className="mantine-InputWrapper-label">Environment</div>
      {cluster?.cluster.defaults.environment ? (
        <pre className={`${code.code} ${surface.well}`}>{cluster.cluster.defaults.environment}</pre>
      ) : (
        <p className="hint">No lines run before the script on {cluster?.cluster.name ?? 'this cluster'}.</p>
      )}
      {cluster && (
        <LinkButton onClick={() => ui.open({ kind: 'cluster', id: cluster.cluster.id })}>
          Change it for {cluster.cluster.name}
        </LinkButton>
      )}
    </div>
  );
}
