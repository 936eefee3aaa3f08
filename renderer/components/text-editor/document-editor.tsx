import type { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';

interface Props {
  /** Kept by the page, with its history, so that it outlives the editor that shows it. */
  state: EditorState;
  onState: (state: EditorState) => void;
  /** The view, for commands; null: it is gone. */
  onView?: (view: EditorView | null) => void;
  className?: string;
}

/** A code editor of a document that the page keeps. */
export function DocumentEditor({ state, onState, onView, className }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const handlers = useRef({ onState, onView });
  handlers.current = { onState, onView };
  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; another state is set below
  useEffect(() => {
    const made = new EditorView({
      parent: element.current ?? undefined,
      state,
      dispatchTransactions(transactions, shown) {
        shown.update(transactions);
        handlers.current.onState(shown.state);
      },
    });
    view.current = made;
    handlers.current.onView?.(made);
    made.focus();
    return () => {
      view.current = null;
      handlers.current.onView?.(null);
      made.destroy();
    };
  }, []);
  useEffect(() => {
    if (view.current && view.current.state !== state) view.current.setState(state);
  }, [state]);
  return <div ref={element} className={className} />;
}
