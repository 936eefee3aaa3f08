import { gotoLine, openSearchPanel } from '@codemirror/search';
import type { EditorView } from '@codemirror/view';
import { Button, Loader, Select } from '@mantine/core';
import { IconArrowLeft, IconArrowsDown, IconListNumbers, IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { displayName } from '../../../../electron/shared/file-names.ts';
import { ErrorNote } from '../../../components/error-note.tsx';
import { IconButton } from '../../../components/icon-button.tsx';
import { LinkButton } from '../../../components/link-button.tsx';
import { Note } from '../../../components/note.tsx';
import { PageHead } from '../../../components/page.tsx';
import { DocumentEditor } from '../../../components/text-editor/document-editor.tsx';
import { languageOf, languageTitles } from '../../../components/text-editor/languages.ts';
import { describeLineEndings } from '../../../components/text-editor/line-endings.ts';
import { type Encoding, encodingTitles } from '../../../components/text-editor/text-encoding.ts';
import { useStore } from '../../../store.ts';
import { ui } from '../../../ui-store.ts';
import { baseOf, parentOf, type Source } from '../places.ts';
import { useSourceName } from '../source-name.ts';
import { closeFile, leaveEditor, lookForChanges, readFileAgain, saveFile } from './edit-file.ts';
import {
  changeDocument,
  changeFile,
  isUnsaved,
  type OpenFile,
  type TextDocument,
  useEditing,
} from './editing-store.ts';
import css from './editor-page.module.css';
import { PartsView } from './parts-view.tsx';

/** Others may have written the file while the window was not looked at, or the cluster was away. */
function useChecks(key: string, source: Source): void {
  const isUp = useStore(
    ({ clusters }) =>
      source.kind === 'local' ||
      clusters.some(({ cluster, connection }) => cluster.id === source.clusterId && connection.state === 'connected'),
  );
  useEffect(() => {
    const look = () => void lookForChanges(key);
    if (isUp) look();
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, [key, isUp]);
}

function describeState(file: OpenFile): string {
  const { content } = file;
  if (content.kind === 'parts') return 'Read only';
  if (content.kind !== 'text') return '';
  if (content.isSaving) return 'Saving';
  return isUnsaved(file) ? 'Not saved' : 'Saved';
}

/** What somebody else did with the file, and why it was not saved. */
function Notices({ file, document }: { file: OpenFile; document: TextDocument }) {
  const { theirs, error } = document;
  return (
    <>
      {theirs !== null && (
        <div className={css.notice}>
          <Note
            tone="wait"
            action={
              <LinkButton onClick={() => ui.open({ kind: 'file-changed', key: file.key })}>
                {theirs === 'gone' ? 'Choose what to do' : 'Show the difference'}
              </LinkButton>
            }
          >
            <strong className="medium">
              {theirs === 'gone' ? 'The file is gone.' : 'Somebody else changed the file.'}
            </strong>{' '}
            What you write is not saved over it until you say so.
          </Note>
        </div>
      )}
      {error && (
        <div className={css.notice}>
          <ErrorNote
            title="It was not saved"
            error={error.serialize()}
            alert
            action={<LinkButton onClick={() => void saveFile(file.key)}>Try again</LinkButton>}
          />
        </div>
      )}
    </>
  );
}

const encodingChoices = Object.entries(encodingTitles).map(([value, label]) => ({ value, label }));

function DocumentFoot({ file, document }: { file: OpenFile; document: TextDocument }) {
  const { state, encoding } = document;
  const at = state.selection.main.head;
  const line = state.doc.lineAt(at);
  const language = languageOf(baseOf(file.path), state.doc.line(1).text);
  const isEncoding = (value: string | null): value is Encoding =>
    value !== null && Object.hasOwn(encodingTitles, value);
  return (
    <footer className={css.foot}>
      <span className="tabular">
        Line {line.number}, column {at - line.from + 1}
      </span>
      <span className="grow" />
      <span>{languageTitles[language]}</span>
      <span title="Line endings. Lines that you do not edit keep theirs.">{describeLineEndings(state)}</span>
      <Select
        aria-label="Encoding"
        title="How the file is written. It stays as it is unless you choose another one."
        size="xs"
        w={148}
        allowDeselect={false}
        comboboxProps={{ position: 'top-end' }}
        data={encodingChoices}
        value={encoding}
        onChange={(value) => isEncoding(value) && changeDocument(file.key, { encoding: value, error: null })}
      />
    </footer>
  );
}

function Content({ file, onView }: { file: OpenFile; onView: (view: EditorView | null) => void }) {
  const { content, key } = file;
  switch (content.kind) {
    case 'loading':
      return (
        <div className={css.nothing} role="status">
          <span className="row">
            <Loader size="sm" /> Reading
          </span>
        </div>
      );
    case 'failed':
      return (
        <div className={css.nothing}>
          <ErrorNote
            title="The file could not be read"
            error={content.error.serialize()}
            alert
            action={<LinkButton onClick={() => void readFileAgain(key)}>Try again</LinkButton>}
          />
        </div>
      );
    case 'refused':
      return (
        <div className={css.nothing}>
          <p className="medium">It cannot be edited here</p>
          <p className="text-secondary">{content.why}</p>
        </div>
      );
    case 'parts':
      return <PartsView file={file} content={content} />;
    case 'text':
      return (
        <>
          <Notices file={file} document={content} />
          <DocumentEditor
            className={css.editor}
            state={content.state}
            onState={(state) => changeDocument(key, { state })}
            onView={onView}
          />
          <DocumentFoot file={file} document={content} />
        </>
      );
  }
}

/** The other files that are open. */
function Tabs({ files, active }: { files: readonly OpenFile[]; active: string }) {
  if (files.length < 2) return null;
  return (
    <nav className={css.tabs} aria-label="Open files">
      {files.map((file) => (
        <button
          key={file.key}
          type="button"
          className={css.tab}
          aria-current={file.key === active || undefined}
          title={displayName(file.path)}
          onClick={() => useEditing.setState({ active: file.key })}
        >
          <span className="truncate">{displayName(baseOf(file.path))}</span>
          {isUnsaved(file) && <span className="text-tertiary">not saved</span>}
        </button>
      ))}
    </nav>
  );
}

function HeadButtons({ file, view }: { file: OpenFile; view: () => EditorView | null }) {
  const { content, key } = file;
  const run = (command: (shown: EditorView) => boolean) => {
    const shown = view();
    if (shown) command(shown);
  };
  const isFollowing = content.kind === 'parts' && content.isFollowing;
  const canFollow = content.kind === 'parts' || (content.kind === 'text' && !isUnsaved(file));
  const follow = () => {
    if (isFollowing) void readFileAgain(key);
    else changeFile(key, { content: { kind: 'parts', isFollowing: true, isLarge: content.kind === 'parts' } });
  };
  return (
    <>
      {content.kind === 'text' && (
        <>
          <IconButton icon={IconSearch} label="Find and replace (Ctrl F)" onClick={() => run(openSearchPanel)} />
          <IconButton icon={IconListNumbers} label="Go to line (Ctrl G)" onClick={() => run(gotoLine)} />
        </>
      )}
      {canFollow && (
        <IconButton
          icon={IconArrowsDown}
          label={isFollowing ? 'Stop following it' : 'Follow it as it grows'}
          pressed={isFollowing}
          onClick={follow}
        />
      )}
      {content.kind === 'text' && (
        <Button
          variant="filled"
          aria-keyshortcuts="Control+S"
          disabled={!isUnsaved(file)}
          loading={content.isSaving}
          onClick={() => void saveFile(key)}
        >
          Save
        </Button>
      )}
      <IconButton icon={IconX} label="Close the file" onClick={() => closeFile(key)} />
    </>
  );
}

/** The file that is open, instead of the list of files. */
export function EditorPage({ file }: { file: OpenFile }) {
  const files = useEditing((state) => state.files);
  const where = useSourceName(file.source);
  const view = useRef<EditorView | null>(null);
  useChecks(file.key, file.source);
  return (
    <>
      <PageHead
        before={
          <IconButton
            icon={IconArrowLeft}
            label={file.job === null ? 'Back to the list of files' : 'Back to the job'}
            onClick={leaveEditor}
          />
        }
        title={displayName(baseOf(file.path))}
      >
        <span className={`${css.path} truncate text-tertiary`} title={displayName(file.path)}>
          {displayName(parentOf(file.path))} on {where}
        </span>
        <span className="push-end" />
        <span className="text-sm text-secondary no-shrink" role="status">
          {describeState(file)}
        </span>
        <HeadButtons file={file} view={() => view.current} />
      </PageHead>
      <Tabs files={files} active={file.key} />
      <section className={css.body} aria-label={`Editor of ${displayName(baseOf(file.path))}`} data-region="editor">
        <Content
          key={file.key}
          file={file}
          onView={(shown) => {
            view.current = shown;
          }}
        />
      </section>
    </>
  );
}
