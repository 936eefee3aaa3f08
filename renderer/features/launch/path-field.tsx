import { Button, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { ui } from '../../ui-store.ts';

/** Opens the picker of a cluster's files beside a path's field. */
export function BrowseButton(props: {
  title: string;
  pick: 'file' | 'folder' | undefined;
  cluster: ClusterState | undefined;
  value: string;
  onPick: (path: string) => void;
}) {
  const { title, pick, cluster, value, onPick } = props;
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      aria-label={`Browse for ${title}`}
      disabled={!cluster}
      onClick={() =>
        cluster &&
        ui.open({
          kind: 'path',
          ask: { title, pick, clusterId: cluster.cluster.id, clusterName: cluster.cluster.name, value, onPick },
        })
      }
    >
      Browse
    </Button>
  );
}

/** A folder or file on the cluster: typed, or chosen there. */
export function PathField(props: {
  field: string;
  title: string;
  label: ReactNode;
  pick: 'file' | 'folder' | undefined;
  placeholder: string;
  cluster: ClusterState | undefined;
  value: string;
  error: string | undefined;
  onChange: (path: string) => void;
}) {
  return (
    <TextInput
      data-field={props.field}
      label={props.label}
      placeholder={props.placeholder}
      classNames={{ input: 'mono' }}
      spellCheck={false}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      error={props.error}
      rightSection={
        <BrowseButton
          title={props.title}
          pick={props.pick}
          cluster={props.cluster}
          value={props.value}
          onPick={props.onChange}
        />
      }
      rightSectionWidth={76}
    />
  );
}
