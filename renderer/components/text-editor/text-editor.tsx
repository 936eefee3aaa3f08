import { Compartment, EditorState, type Extension, Prec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { changedLines, fromOutside } from './changed-lines.ts';
import { editorSetup } from './editor-setup.ts';
import { type Language, languageSupport } from './languages.ts';
import { textChange } from './text-change.ts';

export interface TextEditorProps {
  label: string;
  /** With line breaks of one character. */
  value: string;
  onChange: (value: string) => void;
  language?: Language;
  /** Of the place it is used in; a new array each time sets the editor up anew. */
  extensions?: Extension;
  /** Line and column of the cursor, from 1. */
  onCursor?: (line: number, column: number) => void;
  /** Ctrl Enter. */
  onSubmit?: () => void;
  isReadOnly?: boolean;
  isWrapped?: boolean;
  /** Lines that the page changes are not marked. */
  isUnmarked?: boolean;
  /** What is added at the end comes into view. */
  isAtEnd?: boolean;
  describedBy?: string;
  isInvalid?: boolean;
}

type Handlers = Pick<TextEditorProps, 'onChange' | 'onCursor' | 'onSubmit'>;

/** What the editor tells the page; `handlers` are those of the last rendering. `typed`: texts that the page was told of. */
const listeners = (handlers: { current: Handlers }, typed: string[]): Extension => [
  EditorView.updateListener.of(({ docChanged, selectionSet, state, transactions }) => {
    if (docChanged && !transactions.some((each) => each.annotation(fromOutside))) {
      const text = state.doc.toString();
      typed.push(text);
      handlers.current.onChange(text);
    }
    if (docChanged || selectionSet) {
      const at = state.selection.main.head;
      const line = state.doc.lineAt(at);
      handlers.current.onCursor?.(line.number, at - line.from + 1);
    }
  }),
  Prec.highest(
    keymap.of([
      {
        key: 'Mod-Enter',
        run() {
          handlers.current.onSubmit?.();
          return handlers.current.onSubmit !== undefined;
        },
      },
    ]),
  ),
];

function options(props: TextEditorProps): Extension {
  const { label, extensions = [], isReadOnly = false, isWrapped = false, language = 'text' } = props;
  return [
    languageSupport(language),
    props.isUnmarked ? [] : changedLines,
    extensions,
    EditorState.readOnly.of(isReadOnly),
    isWrapped ? EditorView.lineWrapping : [],
    EditorView.contentAttributes.of({
      'aria-label': label,
      ...(props.describedBy ? { 'aria-describedby': props.describedBy } : {}),
      ...(props.isInvalid ? { 'aria-invalid': 'true' } : {}),
    }),
  ];
}

/** A code editor whose text is the page's: what the page changes becomes a change that can be undone. */
export function TextEditor(props: TextEditorProps & { className?: string }) {
  const { value, className, label, extensions, isReadOnly, isWrapped, isAtEnd, language, describedBy, isInvalid } =
    props;
  const element = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const handlers = useRef<Handlers>(props);
  const compartment = useRef(new Compartment());
  /** What was typed and has not come back from the page, which is rendered later. */
  const typed = useRef<string[]>([]);
  handlers.current = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; what changes later is told to it below
  useEffect(() => {
    const made = new EditorView({
      parent: element.current ?? undefined,
      state: EditorState.create({
        doc: value,
        extensions: [listeners(handlers, typed.current), compartment.current.of(options(props)), editorSetup],
      }),
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: all that `options` reads
  useEffect(() => {
    view.current?.dispatch({ effects: compartment.current.reconfigure(options(props)) });
  }, [label, extensions, isReadOnly, isWrapped, language, describedBy, isInvalid]);
  useEffect(() => {
    const at = typed.current.lastIndexOf(value);
    if (at !== -1) {
      typed.current.splice(0, at + 1);
      return;
    }
    typed.current.length = 0;
    const changes = view.current && textChange(view.current.state.doc.toString(), value);
    if (changes) view.current?.dispatch({ changes, annotations: fromOutside.of(true) });
  }, [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text has another end
  useEffect(() => {
    const end = view.current?.state.doc.length ?? 0;
    if (isAtEnd) view.current?.dispatch({ effects: EditorView.scrollIntoView(end, { y: 'end' }) });
  }, [value, isAtEnd]);
  return <div ref={element} className={className} />;
}
