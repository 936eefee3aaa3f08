import { NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { fieldLabel } from '../../components/field-label.tsx';
import form from '../../components/form-grid.module.css';
import { Note } from '../../components/note.tsx';
import { connectionLabels } from '../../text/cluster.ts';
import { orderClusters, type TunnelDraft, type TunnelErrors } from './tunnel-form-model.ts';
import { describeLocalExposure } from './tunnel-text.ts';

interface FieldProps {
  draft: TunnelDraft;
  errors: TunnelErrors;
  onChange: (changes: Partial<TunnelDraft>) => void;
}

/** Fields for names and paths, which no dictionary knows. */
const plainText = { spellCheck: false, autoComplete: 'off', autoCapitalize: 'off', classNames: { input: 'mono' } };

const kinds: { value: TunnelDraft['kind']; label: string }[] = [
  { value: 'port', label: 'Port' },
  { value: 'socket', label: 'Socket' },
];

const localKinds: { value: TunnelDraft['local']; label: string }[] = [
  { value: 'socket', label: 'Private socket (only you)' },
  { value: 'port', label: 'Port on 127.0.0.1' },
];

const describeCluster = ({ cluster, connection }: ClusterState) =>
  connection.state === 'connected' ? cluster.name : `${cluster.name} (${connectionLabels[connection.state]})`;

function TargetFields({ draft, errors, onChange }: FieldProps) {
  return (
    <>
      <SegmentedControl
        aria-label="What it leads to"
        value={draft.kind}
        data={kinds}
        onChange={(kind) => onChange({ kind: kind === 'socket' ? 'socket' : 'port' })}
      />
      <span />
      {draft.kind === 'port' ? (
        <NumberInput
          allowDecimal={false}
          label="Port"
          placeholder="8080"
          value={draft.port}
          onChange={(port) => onChange({ port })}
          error={errors.port}
        />
      ) : (
        <TextInput
          {...plainText}
          label="Path of the socket"
          placeholder="/run/user/1000/app.sock"
          maxLength={4096}
          value={draft.socket}
          onChange={(event) => onChange({ socket: event.currentTarget.value })}
          error={errors.socket}
        />
      )}
      <TextInput
        {...plainText}
        label={fieldLabel('Node', 'optional')}
        placeholder="the login node"
        maxLength={255}
        value={draft.node}
        onChange={(event) => onChange({ node: event.currentTarget.value })}
        error={errors.node}
      />
    </>
  );
}

function LocalFields({ draft, errors, onChange }: FieldProps) {
  return (
    <>
      <h2>On this computer</h2>
      <SegmentedControl
        className={form.full}
        aria-label="On this computer"
        value={draft.local}
        data={localKinds}
        onChange={(local) => onChange({ local: local === 'port' ? 'port' : 'socket' })}
      />
      {draft.local === 'port' && (
        <>
          <NumberInput
            allowDecimal={false}
            label={fieldLabel('Local port', 'optional')}
            placeholder="any free one"
            value={draft.localPort}
            onChange={(localPort) => onChange({ localPort })}
            error={errors.localPort}
          />
          <div className={form.full}>
            <Note tone="wait" role="status">
              {describeLocalExposure('this port')}
            </Note>
          </div>
        </>
      )}
    </>
  );
}

export function TunnelFields({ clusters, ...fields }: FieldProps & { clusters: readonly ClusterState[] }) {
  const { draft, errors, onChange } = fields;
  return (
    <>
      <div className={form.grid}>
        <Select
          data-autofocus
          className={form.full}
          label="Cluster"
          allowDeselect={false}
          placeholder="Choose one"
          value={draft.clusterId || null}
          data={orderClusters(clusters).map((entry) => ({ value: entry.cluster.id, label: describeCluster(entry) }))}
          onChange={(clusterId) => onChange({ clusterId: clusterId ?? '' })}
          error={errors.clusterId}
        />
        <TargetFields {...fields} />
      </div>
      <div className={form.grid}>
        <LocalFields {...fields} />
      </div>
    </>
  );
}
