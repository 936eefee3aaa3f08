import { attempt } from '../../attempt.ts';
import { ui } from '../../ui-store.ts';

let last: (() => Promise<unknown>) | null = null;

function take(run: () => Promise<unknown>): void {
  if (last === run) last = null;
  void attempt('It could not be undone', run());
}

/** Says what was done, with a button that takes it back; so does Ctrl Z. */
export function undoLater(title: string, run: () => Promise<unknown>): void {
  last = run;
  ui.toast({ tone: 'ok', title, action: { label: 'Undo', run: () => take(run) } });
}

/** Takes back what was done last. */
export function undoLast(): void {
  if (last) take(last);
}
