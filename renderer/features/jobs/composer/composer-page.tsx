import { SegmentedControl } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowLeft } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { attempt } from '../../../attempt.ts';
import { ErrorNote } from '../../../components/error-note.tsx';
import { IconButton } from '../../../components/icon-button.tsx';
import { PageHead } from '../../../components/page.tsx';
import { type Composing, ui, useUi } from '../../../ui-store.ts';
import { useFileDrop } from '../use-file-drop.ts';
import css from './composer.module.css';
import { ComposerFields } from './composer-fields.tsx';
import { ComposerFiles, withFiles } from './composer-files.tsx';
import { ComposerFooter } from './composer-footer.tsx';
import { ComposerScript } from './composer-script.tsx';
import { readScriptFile, SourcesMenu } from './composer-sources.tsx';
import { contentOf } from './draft-template.ts';
import { useCheck } from './use-check.ts';
import { type Composer, useComposer, useDiscardNotice } from './use-composer.ts';
import { useSending } from './use-sending.ts';

type Shown = 'both' | 'form' | 'script';

const titles = {
  empty: 'New job',
  edit: 'Edit job',
  copy: 'New job from an earlier one',
  template: 'New job from a template',
} as const;

/** Ctrl Enter submits from anywhere on the page. */
function useSubmitKey(submit: () => void): void {
  const last = useRef(submit);
  last.current = submit;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
      // A dialog or menu above the page has the keys first.
      if (useUi.getState().covers > 0) return;
      event.preventDefault();
      last.current();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** Both beside each other where there is room; else one of them. */
function useShown() {
  const isNarrow = useMediaQuery('(max-width: 767px)', window.matchMedia('(max-width: 767px)').matches) ?? false;
  const [chosen, setChosen] = useState<Shown>('both');
  const shown: Shown = isNarrow && chosen === 'both' ? 'form' : chosen;
  const choices: { value: Shown; label: string }[] = [
    { value: 'both', label: 'Both' },
    { value: 'form', label: 'Form' },
    { value: 'script', label: 'Script' },
  ];
  const control = (
    <SegmentedControl
      aria-label="Show"
      value={shown}
      onChange={(value) => setChosen(choices.find((choice) => choice.value === value)?.value ?? 'both')}
      data={isNarrow ? choices.slice(1) : choices}
    />
  );
  return { shown, control };
}

/** Takes a file as the script; its name names the job that has none. */
async function readScript({ takeScript }: Composer, file: File): Promise<void> {
  const text = await readScriptFile(file);
  if (text !== undefined) takeScript(text, file.name.replace(/\.(sh|bash|sbatch|slurm|pbs|sge|lsf|job)$/i, ''));
}

const scriptFile = (composer: Composer, file: File) =>
  void attempt(`${file.name} was not read`, readScript(composer, file));

function saveAsTemplate({ draft, launcher, files }: Composer): void {
  const kept = contentOf(draft, launcher, files).then((found) => ui.open({ kind: 'save-template', ...found }));
  void attempt('The template was not saved', kept);
}

/** One file that is dropped on the script becomes it; others go to the files of the job. */
function takeDropped(composer: Composer, added: readonly File[], at: EventTarget): void {
  const [file, ...others] = added;
  const isOnScript = at instanceof Element && at.closest('[data-takes-script]') !== null;
  if (file && others.length === 0 && isOnScript) scriptFile(composer, file);
  else composer.setFiles(withFiles(composer.files, added));
}

function focusField(root: HTMLElement | null, field: string): void {
  const found =
    field === 'script'
      ? root?.querySelector<HTMLElement>('.cm-content')
      : root?.querySelector<HTMLElement>(`[data-field="${CSS.escape(field)}"]`);
  (found?.matches('input,textarea,button,.cm-content') ? found : found?.querySelector<HTMLElement>('input'))?.focus();
}

function ComposerHead(props: { composing: Composing; composer: Composer; children: ReactNode }) {
  const { kind } = props.composing.source;
  return (
    <PageHead
      title={titles[kind]}
      before={<IconButton icon={IconArrowLeft} label="Back to jobs" onClick={ui.closeComposer} />}
    >
      <span className="push-end" />
      {kind !== 'edit' && (
        <SourcesMenu
          onScript={(file) => scriptFile(props.composer, file)}
          onSave={() => saveAsTemplate(props.composer)}
        />
      )}
      {props.children}
    </PageHead>
  );
}

/** Composes a job: its form and its script change each other. */
export function ComposerPage({ composing }: { composing: Composing }) {
  const composer = useComposer(composing);
  const { draft, launcher, files, errors } = composer;
  const sending = useSending(composing, { draft, launcher, files });
  const checking = useCheck(draft, launcher);
  useDiscardNotice(composing, composer, sending.isSent);
  const { shown, control } = useShown();
  const [areErrorsShown, setErrorsShown] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const drop = useFileDrop(true, (added, at) => takeDropped(composer, added, at), { isFirst: true });
  const isOld = composing.source.kind === 'edit';
  /** Goes to the first mistake, if there is one. */
  const isReady = (): boolean => {
    composer.showErrors();
    setErrorsShown(true);
    const [field] = errors.keys();
    if (field !== undefined) focusField(root.current, field);
    return field === undefined;
  };
  const send = (isSubmitted: boolean) => void (isReady() && sending.send(isSubmitted));
  const check = () => {
    const [field] = [...errors.keys()].filter((each) => each !== 'name');
    if (field === undefined) void checking.check();
    else isReady();
  };
  useSubmitKey(() => send(true));
  return (
    <div ref={root} className={drop.isOver ? `${css.page} ${css.over}` : css.page} {...drop.target}>
      <ComposerHead composing={composing} composer={composer}>
        {control}
      </ComposerHead>
      <div className={css.split} data-shown={shown}>
        {shown !== 'script' && (
          <div className={css.form}>
            {sending.failure && <ErrorNote error={sending.failure.serialize()} title="Not created" alert />}
            {checking.state?.kind === 'refused' && (
              <ErrorNote error={checking.state.error.serialize()} title="The scheduler would not take it" />
            )}
            <ComposerFields composer={composer} />
            <ComposerFiles composer={composer} isOld={isOld} />
          </div>
        )}
        {shown !== 'form' && (
          <div className={css.side} data-takes-script>
            <ComposerScript composer={composer} onSubmit={() => send(true)} />
          </div>
        )}
      </div>
      <ComposerFooter
        composer={composer}
        checking={checking}
        sending={sending}
        areErrorsShown={areErrorsShown}
        isOld={isOld}
        onCheck={check}
        onSend={send}
      />
    </div>
  );
}
