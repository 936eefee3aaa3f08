import { useMemo, useState } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { LaunchInput } from '../../../electron/shared/instances.ts';
import type { FieldError } from '../../../electron/shared/launch-problems.ts';
import type { Preset } from '../../../electron/shared/presets.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { useStore } from '../../store.ts';
import { type Launch, ui, useUi } from '../../ui-store.ts';
import { initialValues, type LaunchValues, toInput, withSite } from './launch-values.ts';
import { validateLaunch } from './validate-launch.ts';

export interface LaunchForm {
  values: LaunchValues;
  /** The chosen one, with its site's profile applied. */
  cluster: ClusterState | undefined;
  /** By field, in the order of the form. */
  errors: Map<string, FieldError>;
  /** The mistake to show for a field, if it is time to show it. */
  errorOf: (field: string) => FieldError | undefined;
  areAllErrorsShown: boolean;
  showAllErrors: () => void;
  set: (changes: Partial<LaunchValues>) => void;
  moveTo: (clusterId: string) => void;
  takePreset: (preset: Preset) => void;
  restoreDefaults: () => void;
  hasLastValues: boolean;
}

/** Fields whose mistakes are shown before they are touched: their values may have come from the last launch. */
const shownAtOnce = new Set([
  'time',
  'cpus',
  'memory',
  'gpus',
  'nodes',
  'queue',
  'launcher',
  'runtime',
  'qos',
  'options',
]);

/** Where a launch begins: the cluster it came with, else the one chosen last, else the connected one used last, else any. */
function firstCluster(recipe: string, from: Partial<LaunchInput> | null): string {
  const { clusters, lastValues } = useStore.getState();
  const isKnown = (id: string | undefined) => clusters.some((entry) => entry.cluster.id === id);
  if (isKnown(from?.clusterId)) return from?.clusterId ?? '';
  const { clusterId } = useUi.getState();
  if (clusterId !== null && isKnown(clusterId)) return clusterId;
  const used = clusters.filter((entry) => lastValues[`${recipe}@${entry.cluster.id}`]);
  const connected = (list: typeof clusters) => list.find((entry) => entry.connection.state === 'connected');
  return (connected(used) ?? used[0] ?? connected(clusters) ?? clusters[0])?.cluster.id ?? '';
}

const lastValuesOf = (recipe: string, clusterId: string) => useStore.getState().lastValues[`${recipe}@${clusterId}`];

/** What of the values goes along to another cluster: nothing that is the cluster's own. */
const elsewhere = {
  launcher: '',
  runtime: '',
  image: '',
  resources: undefined,
  modules: undefined,
  workDirectory: undefined,
} as const;

/** Names of the fields that differ. */
function changedFields(changes: Partial<LaunchValues>, before: LaunchValues): string[] {
  const { args = {}, ...others } = changes;
  const changed = Object.keys(args).filter((name) => args[name] !== before.args[name]);
  return [...Object.keys(others), ...changed.map((name) => `args.${name}`)];
}

/** The values of a launch form and their mistakes. */
export function useLaunchForm(recipe: RecipeSummary, { from, origin }: Launch): LaunchForm {
  const clusters = useStore((state) => state.clusters);
  const begin = (clusterId: string, given: Partial<LaunchInput> | null | undefined) => {
    const found = clusters.find((entry) => entry.cluster.id === clusterId);
    return initialValues(recipe, withSite(found, given?.resources?.queue ?? ''), given);
  };
  const [values, setValues] = useState<LaunchValues>(() => {
    const clusterId = firstCluster(recipe.name, from);
    return begin(clusterId, from?.recipe === undefined ? lastValuesOf(recipe.name, clusterId) : from);
  });
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [areAllErrorsShown, setAllErrorsShown] = useState(origin !== null);
  const saved = clusters.find((entry) => entry.cluster.id === values.clusterId);
  const cluster = useMemo(() => withSite(saved, values.queue), [saved, values.queue]);
  const errors = useMemo(() => validateLaunch(values, recipe, cluster), [values, recipe, cluster]);
  const restart = (clusterId: string, given: Partial<LaunchInput>) => {
    setValues(begin(clusterId, given));
    setTouched(new Set());
  };
  return {
    values,
    cluster,
    errors,
    errorOf: (field) =>
      areAllErrorsShown || touched.has(field) || shownAtOnce.has(field) ? errors.get(field) : undefined,
    areAllErrorsShown,
    showAllErrors: () => setAllErrorsShown(true),
    set(changes) {
      setTouched((last) => new Set([...last, ...changedFields(changes, values)]));
      setValues((last) => ({ ...last, ...changes }));
    },
    moveTo(clusterId) {
      ui.chooseCluster(clusterId);
      const last = lastValuesOf(recipe.name, clusterId);
      restart(clusterId, last ?? { ...toInput(values, recipe, cluster), ...elsewhere });
    },
    /** Of a preset whose cluster is gone, the rest is taken for the cluster that is chosen. */
    takePreset({ input }) {
      const isKnown = clusters.some((entry) => entry.cluster.id === input.clusterId);
      restart(isKnown ? input.clusterId : values.clusterId, input);
      setAllErrorsShown(true);
    },
    restoreDefaults: () => setValues(begin(values.clusterId, null)),
    hasLastValues: lastValuesOf(recipe.name, values.clusterId) !== undefined || from?.recipe !== undefined,
  };
}
