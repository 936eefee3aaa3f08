import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { scopeOfFailure } from './failure-policy.ts';
import type { FileLedger } from './file-ledger.ts';
import { changedFile } from './local-file-error.ts';
import { partName } from './name-policy.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Ends, PlannedItem } from './types.ts';

export interface CopyFileDeps {
  id: string;
  ends: Ends;
  ledger: FileLedger;
  verifies: boolean;
  limits: readonly RateLimit[];
  /** So many more bytes were read. */
  onBytes(bytes: number): void;
  onCurrent(name: string): void;
}

/** Where a file is written until it is complete. */
export function partPath(
  { id, ends }: Pick<CopyFileDeps, 'id' | 'ends'>,
  { target }: Pick<PlannedItem, 'target'>,
): string {
  const name = ends.target.baseName(target);
  return target.slice(0, target.length - name.length) + partName(name, id);
}

/** Copies one file under another name, which becomes its own when it is complete. @throws what concerns more than this file */
export async function copyFile(deps: CopyFileDeps, index: number, signal: AbortSignal): Promise<void> {
  const { ends, ledger } = deps;
  const item = ledger.item(index);
  const part = partPath(deps, item);
  deps.onCurrent(item.name);
  try {
    await copyBytes(deps, index, part, signal);
    if (deps.verifies) await verify(ends, item, part, signal);
    await ends.target.finishPart(part, item.target, item, signal);
    ledger.settle(index, 'done');
  } catch (error) {
    const failure = AppError.from(error);
    const scope = scopeOfFailure(failure);
    if (signal.aborted || scope === 'connection') throw failure;
    await ends.target.removePart(part);
    ledger.notePart(index, 0);
    if (scope === 'transfer') throw failure;
    ledger.fail(index, failure);
  }
}

async function copyBytes(deps: CopyFileDeps, index: number, part: string, signal: AbortSignal): Promise<void> {
  const { ends, ledger } = deps;
  const { source, size } = ledger.item(index);
  const offset = 0;
  let end = offset;
  ledger.notePart(index, offset);
  const bytes = async function* () {
    for await (const chunk of ends.source.read(source, { offset, end: size }, signal)) {
      for (const limit of deps.limits) await limit.pass(chunk.byteLength, signal);
      end += chunk.byteLength;
      deps.onBytes(chunk.byteLength);
      yield chunk;
    }
    if (end !== size) throw changedFile(source);
  };
  const onWritten = (written: number) => ledger.notePart(index, written);
  await ends.target.writePart(part, bytes(), { offset, size, onWritten, signal });
}

async function verify(ends: Ends, { source }: PlannedItem, part: string, signal: AbortSignal): Promise<void> {
  const [own, copied] = await Promise.all([ends.source.hashes([source], signal), ends.target.hashes([part], signal)]);
  if (own.get(source) !== undefined && own.get(source) === copied.get(part)) return;
  throw new AppError('file-changed', message`The copy of ${{ path: source }} is not the same as the file.`, {
    hint: 'Copy it again.',
  });
}
