import { Button } from '@mantine/core';
import { IconAlertOctagon, IconArrowLeft, IconPlayerPlay } from '@tabler/icons-react';
import { type FormEvent, type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import type { LaunchInput } from '../../../electron/shared/instances.ts';
import type { Preset } from '../../../electron/shared/presets.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { actions, attempt } from '../../actions.ts';
import { RecipeIcon } from '../../components/icons.tsx';
import { ErrorNote, IconButton, Kbd, modKey, PageHead, stroke } from '../../components/parts.tsx';
import { useStore } from '../../store.ts';
import { type Launch, ui, useUi } from '../../ui-store.ts';
import { count } from '../../words/size.ts';
import { ArgFields } from './arg-fields.tsx';
import { fieldTitle } from './field-titles.ts';
import { FilledNote } from './filled-note.tsx';
import { initialValues, type LaunchValues, toInput, toPreview, withSite } from './launch-values.ts';
import { PresetsMenu } from './presets-menu.tsx';
import { ResourceFields } from './resource-fields.tsx';
import { ScriptPanel } from './script-panel.tsx';
import { validateLaunch } from './validate-launch.ts';
import { AdvancedFields, WhatFields } from './what-fields.tsx';
import { WhereFields } from './where-fields.tsx';

/** A value over a limit shows before it is touched: it may have come from the last launch. */
const shownAtOnce = new Set(['time', 'cpus', 'memory', 'gpus', 'nodes', 'queue', 'launcher', 'runtime']);

const back = () => useUi.setState({ launch: null });

/** Where a launch begins: the place it came with, else the connected cluster used last, else any. */
function firstCluster(recipe: string, from: Partial<LaunchInput> | null): string {
  const { clusters, lastValues } = useStore.getState();
  const known = (id: string | undefined) => clusters.some((entry) => entry.cluster.id === id);
  if (known(from?.clusterId)) return from?.clusterId ?? '';
  const used = clusters.filter((entry) => lastValues[`${recipe}@${entry.cluster.id}`]);
  const up = (list: typeof clusters) => list.find((entry) => entry.connection.state === 'connected');
  return (up(used) ?? used[0] ?? up(clusters) ?? clusters[0])?.cluster.id ?? '';
}

function LaunchForm({ recipe, launch }: { recipe: RecipeSummary; launch: Launch }) {
  const { from, origin } = launch;
  const clusters = useStore((state) => state.clusters);
  const find = (id: string) => clusters.find((entry) => entry.cluster.id === id);
  const begin = (clusterId: string, given: Partial<LaunchInput> | null | undefined) =>
    initialValues(recipe, withSite(find(clusterId), given?.resources?.queue ?? ''), given);
  const lastOf = (clusterId: string) => useStore.getState().lastValues[`${recipe.name}@${clusterId}`];
  const [values, setValues] = useState<LaunchValues>(() => {
    const clusterId = firstCluster(recipe.name, from);
    return begin(clusterId, from?.recipe === undefined ? lastOf(clusterId) : from);
  });
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [tried, setTried] = useState(origin !== null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const sending = useRef(false);

  const saved = clusters.find((entry) => entry.cluster.id === values.clusterId);
  const cluster = useMemo(() => withSite(saved, values.queue), [saved, values.queue]);
  const errors = useMemo(() => validateLaunch(values, recipe, cluster), [values, recipe, cluster]);

  const set = (changes: Partial<LaunchValues>) => {
    setFailure(null);
    const fields = Object.keys(changes).flatMap((key) =>
      key === 'args'
        ? Object.keys(changes.args ?? {})
            .filter((name) => changes.args?.[name] !== values.args[name])
            .map((name) => `args.${name}`)
        : [key],
    );
    setTouched((last) => new Set([...last, ...fields]));
    setValues((last) => ({ ...last, ...changes }));
  };
  /** A mistake shows once its field was changed or a launch was tried. */
  const errorOf = (field: string) => {
    const show = tried || touched.has(field) || shownAtOnce.has(field);
    return show ? errors.get(field) : undefined;
  };
  const moveTo = (clusterId: string) => {
    setValues(
      begin(
        clusterId,
        lastOf(clusterId) ?? {
          ...toInput(values, recipe, cluster),
          launcher: '',
          runtime: '',
          image: '',
          resources: undefined,
          modules: undefined,
          workDirectory: undefined,
        },
      ),
    );
    setTouched(new Set());
  };
  const focusOn = (bad: string) => {
    const found = form.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(bad)}"]`);
    (found?.matches('input,textarea,button') ? found : found?.querySelector<HTMLElement>('input'))?.focus();
  };
  const firstBad = origin?.kind === 'misfit' ? errors.keys().next().value : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as the form opens
  useEffect(() => {
    if (firstBad !== undefined) focusOn(firstBad);
    // It came by itself: a screen reader says where one is, and no key launches it from there.
    else if (origin?.kind === 'link') document.querySelector<HTMLElement>('.main h1')?.focus();
  }, []);
  /** Of a preset whose cluster is gone, the rest is taken for the cluster that is chosen. */
  const take = ({ input }: Preset) => {
    const known = clusters.some((entry) => entry.cluster.id === input.clusterId);
    setValues(begin(known ? input.clusterId : values.clusterId, input));
    setTouched(new Set());
    setTried(true);
    setFailure(null);
  };
  const submit = async (event: FormEvent | KeyboardEvent) => {
    event.preventDefault();
    // A key that repeats must not launch it twice.
    if (sending.current) return;
    setTried(true);
    const bad = errors.keys().next().value;
    if (bad !== undefined) {
      focusOn(bad);
      return;
    }
    sending.current = true;
    setBusy(true);
    try {
      await actions.launch(toInput(values, recipe, cluster));
      // Whoever went on to another page meanwhile stays there.
      if (useUi.getState().launch?.serial === launch.serial) ui.go('running');
    } catch (error) {
      setFailure(AppError.from(error));
      setBusy(false);
      sending.current = false;
    }
  };
  const fields = { values, set, errorOf };
  const names = [...errors.keys()].map((field) => fieldTitle(field, recipe));
  const hasLast = lastOf(values.clusterId) !== undefined || from?.recipe !== undefined;

  return (
    <>
      <PageHead
        before={
          <>
            <IconButton icon={IconArrowLeft} label="Back" onClick={back} />
            <span className="tile sm">
              <RecipeIcon name={recipe.icon} size={16} />
            </span>
          </>
        }
        title={`Launch ${recipe.title}`}
      >
        <span className="end" />
        <PresetsMenu
          recipe={recipe}
          clusterId={values.clusterId}
          clusterName={cluster?.cluster.name ?? ''}
          input={() => toInput(values, recipe, cluster)}
          onChoose={take}
        />
        {hasLast && (
          <Button variant="subtle" onClick={() => setValues(begin(values.clusterId, null))}>
            Use defaults
          </Button>
        )}
        {recipe.docs.startsWith('https://') && (
          <Button variant="subtle" onClick={() => attempt('The page did not open', actions.openExternal(recipe.docs))}>
            Read more
          </Button>
        )}
      </PageHead>
      <form
        ref={form}
        style={{ display: 'contents' }}
        noValidate
        onSubmit={submit}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit(event);
        }}
      >
        <div className="split">
          <div className="form">
            <FilledNote origin={origin} recipe={recipe} errors={errors.size} />
            <WhereFields {...fields} recipe={recipe} cluster={cluster} onCluster={moveTo} />
            <ResourceFields {...fields} recipe={recipe} cluster={cluster} />
            <ArgFields {...fields} recipe={recipe} cluster={cluster} />
            <WhatFields {...fields} recipe={recipe} cluster={cluster} />
            <AdvancedFields {...fields} recipe={recipe} cluster={cluster} />
            {failure && (
              <div style={{ marginBlockStart: 16 }}>
                <ErrorNote error={failure} title="Not launched" alert />
              </div>
            )}
          </div>
          <ScriptPanel
            input={cluster ? toPreview(values, recipe, cluster) : null}
            clusterName={cluster?.cluster.name ?? ''}
          />
        </div>
        <footer className="foot">
          <span className="row t-bad m grow" role="status">
            {tried && errors.size > 0 && (
              <>
                <IconAlertOctagon size={16} stroke={stroke} aria-hidden />
                <span className="cut">
                  Fix {count(errors.size, 'field')}: {names.join(', ')}
                </span>
              </>
            )}
          </span>
          <Button onClick={back}>Cancel</Button>
          <Button
            type="submit"
            variant="filled"
            loading={busy}
            leftSection={<IconPlayerPlay size={16} stroke={stroke} aria-hidden />}
            rightSection={<Kbd keys={`${modKey()} ↵`} />}
            aria-keyshortcuts="Control+Enter"
          >
            Launch
          </Button>
        </footer>
      </form>
    </>
  );
}

export function LaunchPage({ launch }: { launch: Launch }) {
  const recipe = useStore((state) => state.recipes.list.find((entry) => entry.name === launch.recipe));
  if (recipe) return <LaunchForm recipe={recipe} launch={launch} />;
  return (
    <>
      <PageHead title="Launch" />
      <div className="empty">
        <p>
          The recipe <code className="mono">{launch.recipe}</code> is not here any more. Its folder was removed, or it
          has a mistake.
        </p>
        <Button onClick={() => ui.go('recipes')}>See recipes</Button>
      </div>
    </>
  );
}
