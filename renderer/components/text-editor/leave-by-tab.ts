import { completionStatus } from '@codemirror/autocomplete';
import { indentWithTab } from '@codemirror/commands';
import { searchPanelOpen } from '@codemirror/search';
import type { Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';

const leaving = 'Tab leaves the editor now.';

/** Tab indents. After Esc it leaves the editor, until the editor has the focus anew. */
export const leaveByTab: Extension = [
  keymap.of([
    indentWithTab,
    {
      key: 'Escape',
      run(view) {
        // A list or a panel that is open is closed first.
        if (completionStatus(view.state) !== null || searchPanelOpen(view.state)) return false;
        view.setTabFocusMode(true);
        view.dispatch({ effects: EditorView.announce.of(leaving) });
        return true;
      },
    },
  ]),
  EditorView.domEventHandlers({
    blur(_event, view) {
      view.setTabFocusMode(false);
    },
  }),
];
