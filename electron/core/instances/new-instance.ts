import type { Cluster } from '../../shared/clusters.ts';
import type { Instance } from '../../shared/instances.ts';
import { newSteps } from './instance-state.ts';

type Given = Pick<
  Instance,
  | 'id'
  | 'workDirectory'
  | 'recipe'
  | 'kind'
  | 'title'
  | 'icon'
  | 'launcher'
  | 'runtime'
  | 'createdAt'
  | 'path'
  | 'directory'
  | 'input'
>;

/** An instance of which nothing has happened yet, or nothing is known yet. */
export const newInstance = (cluster: Cluster, given: Given): Instance => ({
  ...given,
  clusterId: cluster.id,
  clusterName: cluster.name,
  state: 'starting',
  steps: newSteps(given),
  progress: null,
  readyAt: null,
  endedAt: null,
  job: null,
  endpoint: null,
  route: null,
  exposure: null,
  error: null,
  logTail: '',
  logSpan: null,
});
