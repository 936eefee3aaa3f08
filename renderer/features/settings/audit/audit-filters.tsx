import { Select } from '@mantine/core';
import { useEffect } from 'react';
import { useStore } from '../../../store.ts';
import { loadTokens, useTokens } from '../api/tokens-store.ts';
import css from './audit.module.css';
import { type AuditView, changeAuditView, clientOfToken, type Period, periods } from './audit-store.ts';

const periodLabels: Readonly<Record<Period, string>> = {
  today: 'Today',
  week: 'Last 7 days',
  month: 'Last 30 days',
  all: 'All days',
};

function FilterSelect(props: {
  label: string;
  value: string;
  data: { value: string; label: string }[];
  onChange: (value: string) => void;
}) {
  return (
    <Select
      className={css.filter}
      size="xs"
      aria-label={props.label}
      comboboxProps={{ width: 220, position: 'bottom-end' }}
      value={props.value}
      data={props.data}
      onChange={(value) => props.onChange(value ?? '')}
    />
  );
}

/** You, each token, and whoever had none that is valid. */
function useClients() {
  const tokens = useTokens((state) => state.tokens) ?? [];
  useEffect(() => void loadTokens(), []);
  return [
    { value: '', label: 'All clients' },
    { value: 'owner', label: 'You' },
    ...tokens.map(({ id, name, revokedAt }) => ({
      value: clientOfToken(id),
      label: revokedAt === null ? name : `${name} (revoked)`,
    })),
    { value: 'unknown', label: 'Unknown token' },
  ];
}

export function AuditFilters({ view }: { view: AuditView }) {
  const clients = useClients();
  const clusters = useStore((state) => state.clusters);
  return (
    <div className={css.filters}>
      <FilterSelect
        label="Client"
        value={view.client}
        data={clients}
        onChange={(client) => changeAuditView({ client })}
      />
      <FilterSelect
        label="Result"
        value={view.onlyFailed ? 'failed' : ''}
        data={[
          { value: '', label: 'All calls' },
          { value: 'failed', label: 'Failed only' },
        ]}
        onChange={(value) => changeAuditView({ onlyFailed: value === 'failed' })}
      />
      <FilterSelect
        label="Cluster"
        value={view.clusterId}
        data={[
          { value: '', label: 'All clusters' },
          ...clusters.map(({ cluster }) => ({ value: cluster.id, label: cluster.name })),
        ]}
        onChange={(clusterId) => changeAuditView({ clusterId })}
      />
      <FilterSelect
        label="Time"
        value={view.period}
        data={periods.map((value) => ({ value, label: periodLabels[value] }))}
        onChange={(value) => changeAuditView({ period: periods.find((each) => each === value) ?? 'all' })}
      />
    </div>
  );
}
