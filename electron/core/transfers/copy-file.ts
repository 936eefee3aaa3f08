import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import type { TransferOptions } from '../../shared/transfers.ts';
import { scopeOfFailure } from './failure-policy.ts';
import type { FileLedger } from './file-ledger.ts';
import { changedFile } from './local-file-error.ts';
import { partName } from './name-policy.ts';
import type { RateLimit } from './rate-limit.ts';
import { blocksToCompare, resumeOffset } from './resume-policy.ts';
import type { Ends, PlannedItem } from './types.ts';

export interface CopyFileDeps {
  id: string;
  ends: Ends;
  ledger: FileLedger;
  conflicts: TransferOptions['conflicts'];
  verifies: boolean;
  /** A source may be a link. */
  follows: boolean;
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

/** What is there is replaced only where it is older, also than it was when the files were listed. */
export function keepsNewer({ ledger, conflicts }: Pick<CopyFileDeps, 'ledger' | 'conflicts'>, index: number): boolean {
  return ledger.item(index).existing !== null && (ledger.choice(index) ?? conflicts) === 'newer';
}

/** Copies one file under another name, which becomes its own when it is complete. @throws what concerns more than this file */
export async function copyFile(deps: CopyFileDeps, index: number, signal: AbortSignal): Promise<void> {
  const { ends, ledger } = deps;
  const item = ledger.item(index);
  const part = partPath(deps, item);
  deps.onCurrent(item.name);
  try {
    await copyWhole(deps, index, part, signal);
    if (deps.verifies) await verify(ends, item, part, signal);
    const isNamed = await ends.target.finishPart(part, item, { keepsNewer: keepsNewer(deps, index), signal });
    if (!isNamed) await ends.target.removePart(part);
    ledger.settle(index, isNamed ? 'done' : 'skipped');
    await ledger.sync();
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

/** A source that has changed since it was listed is copied anew, once. */
async function copyWhole(deps: CopyFileDeps, index: number, part: string, signal: AbortSignal): Promise<void> {
  for (let isAgain = false; ; isAgain = true) {
    try {
      await copyBytes(deps, index, part, signal);
      if (await isUnchanged(deps, index, signal)) return;
      if (isAgain) throw changedFile(deps.ledger.item(index).source);
    } catch (error) {
      if (isAgain || AppError.from(error).code !== 'file-changed') throw error;
      await isUnchanged(deps, index, signal);
    }
  }
}

/** Whether a source is as it was listed; else its part is of no use, and what it is now is noted. */
async function isUnchanged({ ends, ledger, follows }: CopyFileDeps, index: number, signal: AbortSignal) {
  const { source, size, modified } = ledger.item(index);
  const now = await ends.source.stat(source, follows ? 'follow' : 'keep', signal);
  if (now?.kind !== 'file') throw changedFile(source);
  if (now.size === size && now.modified === modified) return true;
  ledger.begin(index, 0);
  ledger.refresh(index, now);
  return false;
}

async function copyBytes(deps: CopyFileDeps, index: number, part: string, signal: AbortSignal): Promise<void> {
  const { ends, ledger } = deps;
  const offset = await findOffset(deps, index, part, signal);
  const { source, size } = ledger.item(index);
  let end = offset;
  ledger.begin(index, offset);
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

/** How much of its part is of use; what was written before another file took its source's place is none. */
async function findOffset(deps: CopyFileDeps, index: number, part: string, signal: AbortSignal): Promise<number> {
  const { ends, ledger } = deps;
  const { source } = ledger.item(index);
  const written = ledger.part(index);
  if (written === 0 || !(await isUnchanged(deps, index, signal))) return 0;
  const range = blocksToCompare(written);
  if (!range) return 0;
  const copied = await ends.target.blockHashes(part, range, signal);
  const own = await ends.source.blockHashes(source, { ...range, count: copied.length }, signal);
  return resumeOffset(written, copied, own);
}

async function verify(ends: Ends, { source }: PlannedItem, part: string, signal: AbortSignal): Promise<void> {
  const [own, copied] = await Promise.all([ends.source.hashes([source], signal), ends.target.hashes([part], signal)]);
  if (own.get(source) !== undefined && own.get(source) === copied.get(part)) return;
  throw new AppError('file-changed', message`The copy of ${{ path: source }} is not the same as the file.`, {
    hint: 'Copy it again.',
  });
}
