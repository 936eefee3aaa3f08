import type { FileEntry } from '../../../../electron/shared/files.ts';
import { imageTypeOf } from '../../../components/preview/preview-model.ts';

/** What is worth a look: plots first, and no archives. */
export function plotsFirst(entries: readonly FileEntry[]): FileEntry[] {
  const files = entries.filter(({ kind, name }) => kind === 'file' && !name.endsWith('.gz'));
  const isPlot = ({ name }: FileEntry) => imageTypeOf(name) !== null;
  return [...files.filter(isPlot), ...files.filter((entry) => !isPlot(entry))];
}
