import { useEffect, useMemo, useRef, useState } from 'react';
import type { ClusterState } from '../../../../electron/shared/clusters.ts';
import type { DirectiveFields, Field } from '../../../../electron/shared/directives/types.ts';
import type { LauncherName } from '../../../../electron/shared/kinds.ts';
import type { FieldError } from '../../../../electron/shared/launch-problems.ts';
import { preferredCluster } from '../../../preferred-cluster.ts';
import { useStore } from '../../../store.ts';
import { type Composing, ui, useUi } from '../../../ui-store.ts';
import {
  type Draft,
  type DraftText,
  draftOf,
  emptyDraft,
  fieldsOf,
  launcherOf,
  translate,
  withField,
  withName,
  withScript,
  withText,
} from './draft.ts';
import { draftProblems, type Typed } from './draft-problems.ts';
import { draftOfTemplate, filesOfTemplate } from './draft-template.ts';

export interface Composer {
  draft: Draft;
  cluster: ClusterState | undefined;
  /** The one that is used. */
  launcher: LauncherName;
  fields: DirectiveFields;
  errors: ReadonlyMap<string, FieldError>;
  typed: Typed;
  /** null: the field shows what the script says. */
  setTyped: (field: keyof Typed, text: string | null) => void;
  /** The mistake to show for a field, if it is time to show it. */
  errorOf: (field: string) => FieldError | undefined;
  showErrors: () => void;
  /** Files that go into the directory of the job. */
  files: readonly File[];
  setFiles: (files: readonly File[]) => void;
  setField: <F extends Field>(field: F, value: DirectiveFields[F] | null) => void;
  setName: (name: string) => void;
  setText: (text: DraftText, value: string) => void;
  /** Takes another script; `name`: of a job that has none. */
  takeScript: (script: string, name: string) => void;
  setCluster: (id: string) => void;
  setLauncher: (launcher: LauncherName) => void;
}

/** Mistakes that are shown only once the user has tried to go on. */
const shownLate = new Set(['name', 'clusterId', 'script']);

const clusterById = (id: string): ClusterState | undefined =>
  useStore.getState().clusters.find(({ cluster }) => cluster.id === id);

function firstDraft({ source }: Composing): Draft {
  const usual = preferredCluster(useStore.getState(), useUi.getState().clusterId);
  if (source.kind === 'template')
    return draftOfTemplate(source.template, clusterById(source.template.content.clusterId) ? '' : usual);
  return source.kind === 'empty' ? emptyDraft(usual) : draftOf(source.job);
}

const firstFiles = ({ source }: Composing): readonly File[] =>
  source.kind === 'template' ? filesOfTemplate(source.template) : [];

/** What was composed last, so that going to another page and back loses nothing. */
let left: { serial: number; draft: Draft; files: readonly File[] } | null = null;

function isChanged(composing: Composing, { draft, files }: Pick<Composer, 'draft' | 'files'>): boolean {
  const first = firstDraft(composing);
  const texts = ['name', 'script', 'submitFile'] as const;
  return files.length !== firstFiles(composing).length || texts.some((text) => draft[text] !== first[text]);
}

/** Says so when what was composed is discarded, and how to have it back. */
export function useDiscardNotice(composing: Composing, composer: Composer, isSent: { current: boolean }): void {
  const last = useRef(composer);
  last.current = composer;
  useEffect(
    () => () => {
      const isKept = useUi.getState().composing?.serial === composing.serial;
      if (isKept || isSent.current || !isChanged(composing, last.current)) return;
      const { draft, files } = last.current;
      ui.toast({
        tone: 'ok',
        title: `${draft.name || 'The new job'} was discarded.`,
        action: {
          label: 'Undo',
          run() {
            left = { serial: composing.serial, draft, files };
            ui.composeAgain(composing);
          },
        },
      });
    },
    [composing, isSent],
  );
}

/** A job that is being composed, with what its form and its script say of each other. */
export function useComposer(composing: Composing): Composer {
  const { serial } = composing;
  const [draft, setDraft] = useState(() => (left?.serial === serial ? left.draft : firstDraft(composing)));
  const [files, setFiles] = useState<readonly File[]>(() =>
    left?.serial === serial ? left.files : firstFiles(composing),
  );
  const [areErrorsShown, setErrorsShown] = useState(false);
  useEffect(() => {
    left = { serial, draft, files };
  }, [serial, draft, files]);
  const cluster = useStore((state) => state.clusters.find((entry) => entry.cluster.id === draft.clusterId));
  const launcher = launcherOf(draft, cluster);
  const fields = useMemo(() => fieldsOf(draft, launcher), [draft, launcher]);
  const [typed, setTyped] = useState<Typed>({});
  const errors = useMemo(
    () => draftProblems(draft, fields, launcher, cluster, typed),
    [draft, fields, launcher, cluster, typed],
  );
  const move = (changes: Pick<Draft, 'clusterId' | 'launcher'>) => {
    setTyped({});
    setDraft((last) => {
      const before = launcherOf(last, clusterById(last.clusterId));
      const after = launcherOf(changes, clusterById(changes.clusterId));
      return { ...translate(last, before, after), ...changes };
    });
  };
  return {
    draft,
    cluster,
    launcher,
    fields,
    errors,
    errorOf: (field) => (areErrorsShown || !shownLate.has(field) ? errors.get(field) : undefined),
    showErrors: () => setErrorsShown(true),
    files,
    setFiles,
    setField: (field, value) => setDraft((last) => withField(last, launcher, field, value)),
    setName: (name) => setDraft((last) => withName(last, launcher, name)),
    typed,
    setTyped: (field, text) => setTyped((last) => ({ ...last, [field]: text ?? undefined })),
    setText(text, value) {
      setTyped({});
      setDraft((last) => withText(last, launcher, text, value));
    },
    takeScript(script, name) {
      setTyped({});
      setDraft((last) => withScript(last, launcher, script, name));
    },
    setCluster(clusterId) {
      ui.chooseCluster(clusterId);
      move({ clusterId, launcher: '' });
    },
    setLauncher: (chosen) => move({ clusterId: draft.clusterId, launcher: chosen }),
  };
}
