import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  startCompletion,
} from '@codemirror/autocomplete';
import { type Diagnostic, linter, lintGutter } from '@codemirror/lint';
import { EditorState, type Extension, type Range, RangeSet } from '@codemirror/state';
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import type { LauncherInfo } from '../../../electron/shared/clusters.ts';
import { completeDirective } from '../../../electron/shared/directives/completion.ts';
import { directiveProblems } from '../../../electron/shared/directives/problems.ts';
import { readDirectives } from '../../../electron/shared/directives/script.ts';
import type { Dialect, Field } from '../../../electron/shared/directives/types.ts';

interface DirectiveOptions {
  dialect: Dialect;
  /** What this cluster has; undefined: not known. */
  info: LauncherInfo | undefined;
  /** What is wrong with the fields that directives give. */
  errors: ReadonlyMap<Field, string>;
}

/** Directives of a batch job in an editor: they are seen, completed and checked. */
export function directiveSupport(options: DirectiveOptions): Extension {
  // CodeMirror tells sources apart by their identity.
  const autocomplete = (context: CompletionContext) => complete(context, options);
  return [
    highlight(options.dialect),
    EditorState.languageData.of(() => [{ autocomplete }]),
    linter((view) => findProblems(view, options), { delay: 300 }),
    lintGutter(),
  ];
}

const line = Decoration.line({ class: 'cm-directive' });
const prefix = Decoration.mark({ class: 'cm-directivePrefix' });
const value = Decoration.mark({ class: 'cm-directiveValue' });

function decorations(script: string, dialect: Dialect): DecorationSet {
  const marks = readDirectives(script, dialect).flatMap(({ from, bodyFrom, directives }): Range<Decoration>[] => [
    line.range(from),
    ...(bodyFrom > from ? [prefix.range(from, bodyFrom)] : []),
    ...directives.flatMap(({ valueSpan }) =>
      valueSpan.to > valueSpan.from ? [value.range(valueSpan.from, valueSpan.to)] : [],
    ),
  ]);
  return RangeSet.of(marks, true);
}

const highlight = (dialect: Dialect): Extension =>
  ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = decorations(view.state.doc.toString(), dialect);
      }
      update(update: ViewUpdate) {
        if (update.docChanged) this.decorations = decorations(update.state.doc.toString(), dialect);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );

function complete(
  { state, pos, explicit }: CompletionContext,
  { dialect, info }: DirectiveOptions,
): CompletionResult | null {
  const found = completeDirective(state.doc.toString(), pos, dialect, info);
  if (!found || (!explicit && found.from === pos && !/[=\s]/.test(state.sliceDoc(pos - 1, pos)))) return null;
  return { from: found.from, options: found.list.map(toOption), validFor: /^[\w:.\- ]*$/ };
}

const toOption = ({ label, insert, detail }: { label: string; insert: string; detail: string }): Completion => ({
  label,
  detail,
  apply(view, _completion, from, to) {
    view.dispatch({
      changes: { from, to, insert },
      selection: { anchor: from + insert.length },
      userEvent: 'input.complete',
    });
    // The value of an option comes next.
    if (/[=\s]$/.test(insert)) startCompletion(view);
  },
});

const findProblems = ({ state }: EditorView, { dialect, errors }: DirectiveOptions): Diagnostic[] =>
  directiveProblems(state.doc.toString(), dialect, errors).map(({ from, to, level, text }) => ({
    from,
    to,
    severity: level,
    message: text,
  }));
