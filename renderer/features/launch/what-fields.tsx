import { Accordion, Autocomplete, TagsInput, TextInput } from '@mantine/core';
import { launcherFeatures, launcherLabels } from '../../../electron/shared/launcher-features.ts';
import code from '../../components/code.module.css';
import { fieldLabel } from '../../components/field-label.tsx';
import form from '../../components/form-grid.module.css';
import { LinkButton } from '../../components/link-button.tsx';
import surface from '../../components/surface.module.css';
import { count } from '../../text/size.ts';
import { ui } from '../../ui-store.ts';
import { effectiveLauncher, launcherOf } from './launch-values.ts';
import { PathField } from './path-field.tsx';
import type { PlaceProps } from './where-fields.tsx';

/** Names to offer at once; typing finds the others. */
const shownModules = 60;

export function WhatFields({ recipe, cluster, values, set, errorOf }: PlaceProps) {
  const modules = cluster?.facts?.modules ?? [];
  const always = cluster?.cluster.defaults.modules ?? [];
  return (
    <section className={form.grid} aria-label="Software and folder">
      <h2>Software and folder</h2>
      <TagsInput
        className={form.full}
        label={fieldLabel('Modules', modules.length > 0 ? `type to search ${modules.length}` : 'Enter adds one')}
        placeholder={values.modules.length === 0 ? (modules[0] ?? 'python/3.11') : ''}
        data={modules}
        limit={shownModules}
        maxDropdownHeight={240}
        description={always.length > 0 ? `Always loaded here: ${always.join(', ')}.` : undefined}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        value={values.modules}
        onChange={(next) => set({ modules: next })}
      />
      <PathField
        field="workDirectory"
        title="Start in"
        label={fieldLabel('Start in', 'optional')}
        pick="folder"
        placeholder={cluster?.cluster.defaults.workDirectory || 'Your home directory'}
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

function SchedulerFields({ recipe, cluster, values, set, errorOf }: PlaceProps) {
  const launcher = effectiveLauncher(values, recipe, cluster);
  const can = launcher === null ? null : launcherFeatures[launcher];
  if (!can || launcher === null) return null;
  const info = launcherOf(cluster, launcher);
  const accounts = [...new Set(info?.accounts ?? [])];
  const qos = info?.qos ?? [];
  return (
    <>
      <Autocomplete
        label={fieldLabel('Account', accounts.length > 0 ? count(accounts.length, 'account') : 'optional')}
        placeholder="The cluster’s default"
        data={accounts}
        value={values.account}
        onChange={(account) => set({ account })}
      />
      {can.qos && (
        <Autocomplete
          data-field="qos"
          label={fieldLabel('Quality of service', qos.length > 0 ? `${qos.length} you may ask for` : 'optional')}
          placeholder="The cluster’s default"
          data={qos}
          value={values.qos}
          onChange={(next) => set({ qos: next })}
          error={errorOf('qos')?.message}
        />
      )}
      <TagsInput
        className={form.full}
        data-field="options"
        label={fieldLabel('Scheduler options', 'Enter adds one')}
        description={`Options in ${launcherLabels[launcher]}’s own syntax, one at a time.`}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        placeholder={values.options.length === 0 ? can.options : ''}
        classNames={{ input: 'mono' }}
        splitChars={['\n']}
        maxTags={50}
        value={values.options}
        onChange={(options) => set({ options })}
        error={errorOf('options')?.message}
      />
    </>
  );
}

export function AdvancedFields(props: PlaceProps) {
  const { recipe, cluster, values } = props;
  const launcher = effectiveLauncher(values, recipe, cluster);
  const can = launcher === null ? null : launcherFeatures[launcher];
  const inside = can
    ? ['account', can.qos ? 'quality of service' : '', 'scheduler options', 'environment']
    : ['environment'];
  return (
    <Accordion
      chevronPosition="left"
      mt={16}
      order={2}
      defaultValue={values.options.length > 0 || values.qos !== '' ? 'advanced' : null}
    >
      <Accordion.Item value="advanced">
        <Accordion.Control>
          <span className="medium">Advanced</span>{' '}
          <span className="text-tertiary">{inside.filter(Boolean).join(', ')}</span>
        </Accordion.Control>
        <Accordion.Panel>
          <div className={form.grid}>
            <SchedulerFields {...props} />
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
          </div>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
