import { EditorView } from '@codemirror/view';
import { Button } from '@mantine/core';
import { displayName } from '../../../../electron/shared/file-names.ts';
import { ErrorNote } from '../../../components/error-note.tsx';
import { languageOf } from '../../../components/text-editor/languages.ts';
import { TextEditor } from '../../../components/text-editor/text-editor.tsx';
import { formatFileSize } from '../../../text/size.ts';
import { baseOf } from '../places.ts';
import type { OpenContent, OpenFile } from './editing-store.ts';
import css from './editor-page.module.css';
import { type Parts, useParts, type Where } from './use-parts.ts';

/** Lines are counted from the start of a file, of which a part knows nothing. */
const withoutNumbers = EditorView.theme({ '.cm-gutters': { display: 'none' } });
const ignoreChange = () => undefined;

function Moves({ parts, onShow }: { parts: Parts; onShow: (where: Where) => void }) {
  const { from, end, size, isReading } = parts;
  const isStart = from === 0 || isReading;
  const isEnd = end >= size || isReading;
  return (
    <>
      <Button size="xs" disabled={isStart} onClick={() => onShow({ at: 0 })}>
        Start
      </Button>
      <Button size="xs" disabled={isStart} onClick={() => onShow({ before: from })}>
        Back
      </Button>
      <Button size="xs" disabled={isEnd} onClick={() => onShow({ at: end })}>
        Forward
      </Button>
      <Button size="xs" disabled={isEnd} onClick={() => onShow('end')}>
        End
      </Button>
    </>
  );
}

/** A file that is only read: one that is large in parts, or its end as it grows. */
export function PartsView({ file, content }: { file: OpenFile; content: Extract<OpenContent, { kind: 'parts' }> }) {
  const { source, path } = file;
  const { isFollowing, isLarge } = content;
  const { show, ...parts } = useParts(source, path, isFollowing);
  const name = baseOf(path);
  return (
    <>
      {isLarge && !isFollowing && (
        <p className={css.notice}>Files of more than 8 MiB are read in parts and not edited.</p>
      )}
      {parts.error && (
        <div className={css.notice}>
          <ErrorNote
            title={isFollowing ? 'It cannot be followed now; this continues as soon as it can' : 'It could not be read'}
            error={parts.error.serialize()}
            alert
          />
        </div>
      )}
      <TextEditor
        className={css.editor}
        label={displayName(name)}
        value={parts.text}
        onChange={ignoreChange}
        language={languageOf(name, '')}
        isReadOnly
        isUnmarked
        extensions={withoutNumbers}
        isAtEnd={isFollowing}
      />
      <footer className={css.foot}>
        <span role="status">
          {parts.isReading
            ? 'Reading'
            : `${formatFileSize(parts.from)} to ${formatFileSize(parts.end)} of ${formatFileSize(parts.size)}`}
        </span>
        <span className="grow" />
        {isFollowing ? <span>Followed as it grows</span> : <Moves parts={parts} onShow={(where) => void show(where)} />}
      </footer>
    </>
  );
}
