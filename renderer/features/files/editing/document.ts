import { gotoLine } from '@codemirror/search';
import { EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { displayName } from '../../../../electron/shared/file-names.ts';
import { editorSetup } from '../../../components/text-editor/editor-setup.ts';
import { languageOf, languageSupport } from '../../../components/text-editor/languages.ts';
import { keepLineEndings, splitLineEndings } from '../../../components/text-editor/line-endings.ts';
import { baseOf } from '../places.ts';
import type { ReadText, TextDocument } from './editing-store.ts';

/** Makes the document of a text; `onSave`: Ctrl S. */
export function makeDocument(path: string, { text, encoding, content }: ReadText, onSave: () => void): TextDocument {
  const split = splitLineEndings(text);
  const name = baseOf(path);
  const save = () => {
    onSave();
    return true;
  };
  const state = EditorState.create({
    doc: split.text,
    extensions: [
      Prec.highest(
        keymap.of([
          { key: 'Mod-s', run: save, preventDefault: true },
          { key: 'Mod-g', run: gotoLine, preventDefault: true },
        ]),
      ),
      editorSetup,
      languageSupport(languageOf(name, split.text.slice(0, 200).split('\n')[0] ?? '')),
      keepLineEndings(split),
      EditorView.contentAttributes.of({ 'aria-label': displayName(name) }),
    ],
  });
  return {
    kind: 'text',
    state,
    encoding,
    saved: { content, doc: state.doc, encoding },
    isSaving: false,
    error: null,
    theirs: null,
  };
}
