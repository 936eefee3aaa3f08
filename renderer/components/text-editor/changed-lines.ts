import { Annotation, type Extension, RangeSet, StateField, type Transaction } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';

/** A change that the user did not type here. */
export const fromOutside = Annotation.define<boolean>();

const mark = Decoration.line({ class: 'cm-changed' });

function linesOf({ newDoc: doc, changes }: Transaction): DecorationSet {
  const starts = new Set<number>();
  changes.iterChangedRanges((_fromA, _toA, from, to) => {
    if (from < to) for (let at = from; at < to; at = doc.lineAt(at).to + 1) starts.add(doc.lineAt(at).from);
  });
  return RangeSet.of([...starts].sort((a, b) => a - b).map((start) => mark.range(start)));
}

/** Marks the lines that were changed from outside last, until the user types. */
export const changedLines: Extension = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    if (!transaction.docChanged) return marks;
    return transaction.annotation(fromOutside) ? linesOf(transaction) : Decoration.none;
  },
  provide: (field) => EditorView.decorations.from(field),
});
