import { Checkbox, TextInput } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { allowsApi } from '../../../../electron/shared/api-policy.ts';
import type { ClusterState } from '../../../../electron/shared/clusters.ts';
import { type TokenScope, tokenScopes } from '../../../../electron/shared/tokens.ts';
import { attempt } from '../../../attempt.ts';
import { invoke } from '../../../bridge.ts';
import { descriptionLast } from '../../../components/field-label.tsx';
import { LinkButton } from '../../../components/link-button.tsx';
import { Note } from '../../../components/note.tsx';
import { useStore } from '../../../store.ts';
import css from './api.module.css';
import { describeApi } from './api-text.ts';
import { EndFields } from './end-fields.tsx';
import { LimitFields } from './limit-fields.tsx';
import type { TokenDraft, TokenErrors } from './token-form-model.ts';
import { scopeTexts } from './token-text.ts';

interface FieldProps {
  draft: TokenDraft;
  errors: TokenErrors;
  onChange: (changes: Partial<TokenDraft>) => void;
}

function toggle<T>(list: readonly T[], item: T, isOn: boolean): T[] {
  const others = list.filter((each) => each !== item);
  return isOn ? [...others, item] : others;
}

/** Several choices under one name, with what is wrong with them. */
function Choices(props: { legend: string; error: string | undefined; children: ReactNode }) {
  const errorId = useId();
  const { error } = props;
  return (
    <fieldset data-invalid={error === undefined ? undefined : true} aria-describedby={error && errorId}>
      <legend className={css.legend}>{props.legend}</legend>
      <div className={css.choices}>{props.children}</div>
      {error !== undefined && (
        <div id={errorId} className={`${css.error} text-sm tone-bad`}>
          {error}
        </div>
      )}
    </fieldset>
  );
}

function ScopeFields({ draft, errors, onChange }: FieldProps) {
  // Whatever can run a command can do all the rest.
  const hasAll = draft.scopes.includes('shell');
  const change = (scope: TokenScope, isOn: boolean) => onChange({ scopes: toggle(draft.scopes, scope, isOn) });
  return (
    <Choices legend="What it may do" error={errors.scopes}>
      {tokenScopes.map((scope) => (
        <Checkbox
          key={scope}
          label={
            <>
              {scopeTexts[scope].title} <span className="text-tertiary mono">{scope}</span>
            </>
          }
          description={scopeTexts[scope].text}
          disabled={hasAll && scope !== 'shell'}
          checked={hasAll || draft.scopes.includes(scope)}
          onChange={(event) => change(scope, event.currentTarget.checked)}
        />
      ))}
    </Choices>
  );
}

/** A cluster that is not enabled yet can be enabled on the spot, unless its site forbids it. */
function DisabledClusters({ clusters }: { clusters: readonly ClusterState[] }) {
  return clusters.map(({ cluster }) => <DisabledCluster key={cluster.id} cluster={cluster} />);
}

function DisabledCluster({ cluster }: Pick<ClusterState, 'cluster'>) {
  const { id, name, site } = cluster;
  if (site?.api === 'forbidden') {
    return (
      <Note tone="bad">
        {name}: {describeApi(cluster)}
      </Note>
    );
  }
  const enable = () => attempt(`${name} did not change`, invoke('clusters.allowApi', { id, allow: true }));
  return (
    <Note tone="wait" action={<LinkButton onClick={enable}>Enable</LinkButton>}>
      The API is not enabled for {name}; the token is refused there.
    </Note>
  );
}

function ClusterFields({ draft, errors, onChange }: FieldProps) {
  const clusters = useStore((state) => state.clusters);
  const chosen = clusters.filter(({ cluster }) => draft.clusters.includes(cluster.id));
  const disabled = draft.isForAll ? [] : chosen.filter(({ cluster }) => !allowsApi(cluster));
  return (
    <>
      <Choices legend="Where" error={errors.clusters}>
        <Checkbox
          label="Every cluster that is enabled, also later ones"
          checked={draft.isForAll}
          onChange={(event) => onChange({ isForAll: event.currentTarget.checked })}
        />
        {clusters.map(({ cluster: { id, name } }) => (
          <Checkbox
            key={id}
            label={name}
            disabled={draft.isForAll}
            checked={draft.isForAll || draft.clusters.includes(id)}
            onChange={(event) => onChange({ clusters: toggle(draft.clusters, id, event.currentTarget.checked) })}
          />
        ))}
      </Choices>
      <DisabledClusters clusters={disabled} />
    </>
  );
}

function QuestionFields({ draft, onChange }: Pick<FieldProps, 'draft' | 'onChange'>) {
  return (
    <Choices legend="Ask me in this window" error={undefined}>
      <Checkbox
        label="When it does something for the first time"
        description="Once for each kind of thing above"
        checked={draft.ask}
        onChange={(event) => onChange({ ask: event.currentTarget.checked })}
      />
      <Checkbox
        label="Before each change"
        description="For an agent that decides by itself what it does. Reading is not asked about."
        checked={draft.confirmsWrites}
        onChange={(event) => onChange({ confirmsWrites: event.currentTarget.checked })}
      />
    </Choices>
  );
}

export function TokenFields(fields: FieldProps) {
  const { draft, errors, onChange } = fields;
  return (
    <div className={css.fields}>
      <TextInput
        data-autofocus
        label="Name"
        inputWrapperOrder={descriptionLast}
        description="What uses it, as you will know it in the audit log"
        placeholder="nightly-sync"
        spellCheck={false}
        autoComplete="off"
        maxLength={100}
        value={draft.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
        error={errors.name}
      />
      <ScopeFields {...fields} />
      <ClusterFields {...fields} />
      <QuestionFields draft={draft} onChange={onChange} />
      <LimitFields limits={draft.limits} errors={errors.limits} onChange={(limits) => onChange({ limits })} />
      <EndFields draft={draft} error={errors.date} onChange={onChange} />
    </div>
  );
}
