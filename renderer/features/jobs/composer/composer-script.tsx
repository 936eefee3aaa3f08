import { SegmentedControl } from '@mantine/core';
import { IconTextWrap } from '@tabler/icons-react';
import { useId, useMemo, useState } from 'react';
import { dialects } from '../../../../electron/shared/directives/index.ts';
import type { Field } from '../../../../electron/shared/directives/types.ts';
import { launcherInfo } from '../../../../electron/shared/launch-target.ts';
import { launcherLabel } from '../../../../electron/shared/launcher-features.ts';
import { IconButton } from '../../../components/icon-button.tsx';
import surface from '../../../components/surface.module.css';
import { directiveSupport } from '../../../components/text-editor/directives.ts';
import { TextEditor } from '../../../components/text-editor/text-editor.tsx';
import css from './composer.module.css';
import { type DraftText, textOf } from './draft.ts';
import { typedProblems } from './draft-problems.ts';
import type { Composer } from './use-composer.ts';

const titles: Record<DraftText, string> = { script: 'script.sh', submitFile: 'Submit file' };

/** What the editor is set up with; the same as long as nothing of it changes. */
function useDirectives({ launcher, cluster, errors, typed }: Composer, text: DraftText) {
  const info = launcherInfo(cluster?.facts ?? null, launcher);
  // What is typed in a form and cannot be read is no mistake of the script.
  const unread = typedProblems(typed, launcher);
  const known = [...errors]
    .filter(([field]) => field !== 'name' && !unread.has(field))
    .map(([field, error]) => [field, error.message] as const);
  const serialized = JSON.stringify(known);
  return useMemo(() => {
    const dialect = dialects[launcher];
    if (!dialect || textOf(launcher) !== text) return [];
    const list: readonly (readonly [Field, string])[] = JSON.parse(serialized);
    return directiveSupport({ dialect, info, errors: new Map(list) });
  }, [launcher, info, text, serialized]);
}

function ScriptHead(props: {
  composer: Composer;
  text: DraftText;
  onText: (text: DraftText) => void;
  isWrapped: boolean;
  onWrap: () => void;
}) {
  const { composer, text, onText, isWrapped, onWrap } = props;
  const isTwo = composer.launcher === 'htcondor';
  return (
    <div className={css.scriptHead}>
      {isTwo ? (
        <SegmentedControl
          aria-label="Text"
          value={text}
          onChange={(value) => onText(value === 'submitFile' ? 'submitFile' : 'script')}
          data={(['script', 'submitFile'] as const).map((value) => ({ value, label: titles[value] }))}
        />
      ) : (
        <h2>{titles.script}</h2>
      )}
      <span className="text-sm text-tertiary truncate grow">
        {dialects[composer.launcher] && textOf(composer.launcher) === text
          ? `form and ${text === 'script' ? 'script' : 'submit file'} stay in sync`
          : ''}
      </span>
      <IconButton icon={IconTextWrap} label="Wrap lines" size={26} pressed={isWrapped} onClick={onWrap} />
    </div>
  );
}

/** The script, and for HTCondor the lines of its submit file, in an editor. */
export function ComposerScript({ composer, onSubmit }: { composer: Composer; onSubmit: () => void }) {
  const { draft, launcher, setText, errorOf } = composer;
  const hint = useId();
  const [chosen, setChosen] = useState<DraftText>('script');
  const [isWrapped, setWrapped] = useState(true);
  const [cursor, setCursor] = useState({ line: 1, column: 1 });
  const text: DraftText = launcher === 'htcondor' ? chosen : 'script';
  const extensions = useDirectives(composer, text);
  const error = text === 'script' ? errorOf('script') : undefined;
  return (
    <section className={`${surface.card} ${css.script}`} aria-label={titles[text]}>
      <ScriptHead
        composer={composer}
        text={text}
        onText={setChosen}
        isWrapped={isWrapped}
        onWrap={() => setWrapped(!isWrapped)}
      />
      <TextEditor
        key={text}
        className={css.editor}
        label={text === 'script' ? 'Script' : 'Submit file'}
        language={text === 'script' ? 'shell' : 'text'}
        value={draft[text]}
        onChange={(value) => setText(text, value)}
        onCursor={(line, column) => setCursor({ line, column })}
        onSubmit={onSubmit}
        extensions={extensions}
        isWrapped={isWrapped}
        describedBy={hint}
        isInvalid={error !== undefined}
      />
      <div className={css.scriptFoot}>
        {error && <span className="tone-bad truncate">{error.message}</span>}
        {dialects[launcher] && textOf(launcher) === text && !error && (
          <span className={css.legend}>
            <i aria-hidden /> read by {launcherLabel(launcher)}
          </span>
        )}
        <span id={hint} className="text-tertiary truncate grow">
          Esc, then Tab leaves
        </span>
        <span className="text-tertiary tabular no-shrink">
          line {cursor.line}, column {cursor.column}
        </span>
      </div>
    </section>
  );
}
