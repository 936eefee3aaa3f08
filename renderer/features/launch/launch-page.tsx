import { Button } from '@mantine/core';
import { IconAlertOctagon, IconArrowLeft, IconPlayerPlay } from '@tabler/icons-react';
import { type FormEvent, type RefObject, useEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import type { AppError } from '../../../electron/shared/errors.ts';
import type { Preset } from '../../../electron/shared/presets.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import empty from '../../components/empty.module.css';
import { ErrorNote } from '../../components/error-note.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { RecipeIcon, stroke } from '../../components/icons.tsx';
import { Kbd, modKey } from '../../components/kbd.tsx';
import { PageHead } from '../../components/page.tsx';
import { Tile } from '../../components/tile.tsx';
import { useStore } from '../../store.ts';
import { count } from '../../text/size.ts';
import { type Launch, ui, useUi } from '../../ui-store.ts';
import { ArgFields } from './arg-fields.tsx';
import { fieldTitle } from './field-titles.ts';
import { FilledNote } from './filled-note.tsx';
import { FoldedFields } from './folded-fields.tsx';
import css from './launch-page.module.css';
import { type LaunchValues, toInput, toPreview } from './launch-values.ts';
import { PresetsMenu } from './presets-menu.tsx';
import { ResourceFields } from './resource-fields.tsx';
import { ScriptPanel } from './script-panel.tsx';
import { type LaunchForm, useLaunchForm } from './use-launch-form.ts';
import { canBeKept, useSubmission } from './use-submission.ts';
import { WhatFields } from './what-fields.tsx';
import { WhereFields } from './where-fields.tsx';

const back = () => useUi.setState({ launch: null });

/** Puts the focus on the field with this name. */
function focusField(form: HTMLFormElement | null, field: string): void {
  const found = form?.querySelector<HTMLElement>(`[data-field="${CSS.escape(field)}"]`);
  (found?.matches('input,textarea,button') ? found : found?.querySelector<HTMLElement>('input'))?.focus();
}

function LaunchHead({
  recipe,
  form,
  onPreset,
}: {
  recipe: RecipeSummary;
  form: LaunchForm;
  onPreset: (preset: Preset) => void;
}) {
  const { values, cluster } = form;
  return (
    <PageHead
      before={
        <>
          <IconButton icon={IconArrowLeft} label="Back" onClick={back} />
          <Tile size="small">
            <RecipeIcon name={recipe.icon} size={16} />
          </Tile>
        </>
      }
      title={`Launch ${recipe.title}`}
    >
      <span className="push-end" />
      <PresetsMenu
        recipe={recipe}
        clusterId={values.clusterId}
        clusterName={cluster?.cluster.name ?? ''}
        input={() => toInput(values, recipe, cluster)}
        onChoose={onPreset}
      />
      {form.hasLastValues && (
        <Button variant="subtle" onClick={form.restoreDefaults}>
          Use defaults
        </Button>
      )}
      {recipe.docs.startsWith('https://') && (
        <Button
          variant="subtle"
          onClick={() => attempt('The page did not open', invoke('desktop.openExternal', { url: recipe.docs }))}
        >
          Read more
        </Button>
      )}
    </PageHead>
  );
}

interface FooterProps {
  recipe: RecipeSummary;
  form: LaunchForm;
  isBusy: boolean;
  /** Absent: it can only be launched at once. */
  onDraft?: () => void;
}

function LaunchFooter({ recipe, form, isBusy, onDraft }: FooterProps) {
  const { errors } = form;
  const names = [...errors.keys()].map((field) => fieldTitle(field, recipe));
  return (
    <footer className={css.foot}>
      <span className="row tone-bad medium grow" role="status">
        {form.areAllErrorsShown && errors.size > 0 && (
          <>
            <IconAlertOctagon size={16} stroke={stroke} aria-hidden />
            <span className="truncate">
              Fix {count(errors.size, 'field')}: {names.join(', ')}
            </span>
          </>
        )}
      </span>
      <Button onClick={back}>Cancel</Button>
      {onDraft && (
        <Button disabled={isBusy} onClick={onDraft} title="Creates its directory, so that files can be added">
          Create draft
        </Button>
      )}
      <Button
        type="submit"
        variant="filled"
        loading={isBusy}
        leftSection={<IconPlayerPlay size={16} stroke={stroke} aria-hidden />}
        rightSection={<Kbd keys={`${modKey()} ↵`} />}
        aria-keyshortcuts="Control+Enter"
      >
        Launch
      </Button>
    </footer>
  );
}

/** Where the focus is as the form opens: at the first value that no longer fits, or at the heading of a link's form. */
function useFirstFocus(
  origin: Launch['origin'],
  errors: LaunchForm['errors'],
  form: RefObject<HTMLFormElement | null>,
): void {
  const firstError = origin?.kind === 'misfit' ? errors.keys().next().value : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as the form opens
  useEffect(() => {
    if (firstError !== undefined) focusField(form.current, firstError);
    // A screen reader says where one is, and no key launches from there.
    else if (origin?.kind === 'link') document.querySelector<HTMLElement>('main h1')?.focus();
  }, []);
}

/** Ctrl Enter launches from anywhere on the page, but what somebody else filled in only from inside the form. */
function useLaunchKey(
  origin: Launch['origin'],
  form: RefObject<HTMLFormElement | null>,
  submit: (event: KeyboardEvent) => void,
): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
      // A dialog or menu above the page has the keys first.
      if (useUi.getState().covers > 0) return;
      if (origin?.kind === 'link' && !form.current?.contains(document.activeElement)) return;
      submit(event);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [origin, form, submit]);
}

/** All groups of fields, and beside them the script that would be submitted. */
function FormBody(props: {
  recipe: RecipeSummary;
  form: LaunchForm;
  origin: Launch['origin'];
  set: (changes: Partial<LaunchValues>) => void;
  failure: AppError | null;
}) {
  const { recipe, form, set, failure } = props;
  const { values, cluster, errors, errorOf } = form;
  const fields = { values, set, errorOf, recipe, cluster };
  return (
    <div className={css.split}>
      <div className={css.form}>
        <FilledNote origin={props.origin} recipe={recipe} errors={errors.size} />
        <WhereFields {...fields} onCluster={form.moveTo} />
        <ResourceFields {...fields} />
        <ArgFields {...fields} />
        <WhatFields {...fields} />
        <FoldedFields {...fields} />
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
  );
}

function LaunchFields({ recipe, launch }: { recipe: RecipeSummary; launch: Launch }) {
  const { origin } = launch;
  const form = useLaunchForm(recipe, launch);
  const submission = useSubmission(recipe, launch);
  const element = useRef<HTMLFormElement>(null);
  const { values, cluster, errors } = form;
  useFirstFocus(origin, errors, element);
  const set = (changes: Partial<LaunchValues>) => {
    submission.clearFailure();
    form.set(changes);
  };
  const takePreset = (preset: Preset) => {
    submission.clearFailure();
    form.takePreset(preset);
  };
  const send = (isDraft: boolean) => {
    // A key that repeats must not launch it twice.
    if (submission.isSending.current) return;
    // A group that a mistake opens must be in the page before its field can take the focus.
    flushSync(form.showAllErrors);
    const field = errors.keys().next().value;
    if (field !== undefined) focusField(element.current, field);
    else void submission.send(toInput(values, recipe, cluster), isDraft);
  };
  const submit = (event: FormEvent | KeyboardEvent) => {
    event.preventDefault();
    send(false);
  };
  const canBeDraft = canBeKept(recipe, toInput(values, recipe, cluster));
  useLaunchKey(origin, element, submit);
  return (
    <>
      <LaunchHead recipe={recipe} form={form} onPreset={takePreset} />
      <form ref={element} style={{ display: 'contents' }} noValidate onSubmit={submit}>
        <FormBody recipe={recipe} form={form} origin={origin} set={set} failure={submission.failure} />
        <LaunchFooter
          recipe={recipe}
          form={form}
          isBusy={submission.isBusy}
          onDraft={canBeDraft ? () => send(true) : undefined}
        />
      </form>
    </>
  );
}

export function LaunchPage({ launch }: { launch: Launch }) {
  const recipe = useStore((state) => state.recipes.list.find((entry) => entry.name === launch.recipe));
  if (recipe) return <LaunchFields recipe={recipe} launch={launch} />;
  return (
    <>
      <PageHead title="Launch" />
      <div className={empty.empty}>
        <p>
          The recipe <code className="mono">{launch.recipe}</code> is not available any more. Its folder was removed, or
          it has a mistake.
        </p>
        <Button onClick={() => ui.go('recipes')}>See recipes</Button>
      </div>
    </>
  );
}
