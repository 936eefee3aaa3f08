import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import type { Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { editorLook } from './editor-look.ts';
import { leaveByTab } from './leave-by-tab.ts';

/** What every editor has. */
export const editorSetup: Extension = [
  lineNumbers(),
  highlightSpecialChars(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  autocompletion({ icons: false }),
  search({ top: true }),
  highlightSelectionMatches(),
  editorLook,
  leaveByTab,
  // What scrolls must be reached by keyboard, and is by its content.
  EditorView.contentAttributes.of({ tabindex: '0' }),
  keymap.of([...completionKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap]),
];
