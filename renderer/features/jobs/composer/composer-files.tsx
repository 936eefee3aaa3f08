import { IconPlus, IconX } from '@tabler/icons-react';
import { IconButton } from '../../../components/icon-button.tsx';
import surface from '../../../components/surface.module.css';
import { formatFileSize } from '../../../text/size.ts';
import { FileButton } from '../file-button.tsx';
import css from './composer.module.css';
import type { Composer } from './use-composer.ts';

/** What goes into the directory of the job when it is created. A later file of the same name replaces the one before. */
export function withFiles(before: readonly File[], added: readonly File[]): File[] {
  const names = new Set(added.map(({ name }) => name));
  return [...before.filter(({ name }) => !names.has(name)), ...added];
}

export function ComposerFiles({ composer, isOld }: { composer: Composer; isOld: boolean }) {
  const { files, setFiles } = composer;
  return (
    <section className={surface.card} aria-label="Files">
      <div className={css.filesHead}>
        <h2>Files</h2>
        <span className="text-sm text-tertiary truncate grow">
          {isOld ? 'added to those that it has' : 'beside the script, when it is created'}
        </span>
        <FileButton
          label="Add files"
          hint="Files for the job"
          icon={IconPlus}
          onFiles={(added) => setFiles(withFiles(files, added))}
        />
      </div>
      {files.length === 0 ? (
        <p className={`${css.nothing} text-sm text-tertiary`}>None. Add what the script reads, or drop files here.</p>
      ) : (
        <ul>
          {files.map((file) => (
            <li key={file.name} className={css.file}>
              <span className="truncate grow" title={file.name}>
                {file.name}
              </span>
              <span className="text-sm text-tertiary tabular no-shrink">{formatFileSize(file.size)}</span>
              <IconButton
                icon={IconX}
                label={`Leave out ${file.name}`}
                size={26}
                onClick={() => setFiles(files.filter((each) => each !== file))}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
