import { mkdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../../electron/shared/errors.ts';
import { message } from '../../electron/shared/messages.ts';
import { confirm } from '../confirm.ts';
import type { StateSession } from '../engine-session.ts';
import { formatBytes } from '../format.ts';
import type { JsonOption } from '../json-option.ts';
import { printJson, printMessage, printProgress, printResult } from '../output.ts';
import { startProgressBar } from '../progress-bar.ts';
import { applyPlan, type SyncOutcome, type SyncSides } from '../sync/apply-plan.ts';
import { findSameContent, sameSized } from '../sync/compare-content.ts';
import { readEnds, type SyncEnds } from '../sync/ends.ts';
import { looksSame, planSync, type SyncPlan, type Tree } from '../sync/plan.ts';
import { readLocalTree, readRemoteTree } from '../sync/read-trees.ts';
import { localFileError } from '../transfer/local-file-error.ts';
import { onCluster } from './files.ts';

export interface SyncOptions extends JsonOption {
  hash?: boolean;
  dryRun?: boolean;
  delete?: boolean;
  yes?: boolean;
}

/** Copies what changed of the files of a folder, in one direction. */
export async function syncFiles(source: string, target: string, options: SyncOptions): Promise<void> {
  const ends = readEnds(source, target);
  await onCluster(ends.cluster, async (session, clusterId) => {
    const { sides, from, to } = await readSides(session, clusterId, ends);
    const same = options.hash ? await sameContent(sides, from, to) : null;
    const plan = planSync(from, to, (path, a, b) => (same ? same.has(path) : looksSame(a, b)));
    if (options.dryRun) return printPlan(plan, from, options);
    const removals = options.delete ? plan.removals : [];
    if (removals.length > 0) await showRemovals(removals, options);
    await makeTarget(sides);
    const bar = startProgressBar(`${plan.copies.length} files`, bytesOf(plan.copies, from));
    const outcome = await applyPlan(sides, { ...plan, removals }, from, bar).finally(() => bar.end());
    report(plan, outcome, options);
  });
}

async function readSides(
  session: StateSession,
  clusterId: string,
  { direction, remote, local }: SyncEnds,
): Promise<{ sides: SyncSides; from: Tree; to: Tree }> {
  const there = await readRemoteTree(session, clusterId, remote);
  const here = await readLocalFolder(local);
  const found = { upload: here, download: there?.tree ?? null };
  const from = found[direction];
  if (!from) {
    const path = direction === 'upload' ? local : `${remote || '~'}`;
    throw new AppError('not-found', message`There is no folder ${{ path }}.`, { hint: 'Check the path.' });
  }
  const to = (direction === 'upload' ? there?.tree : here) ?? new Map();
  const path = there?.path ?? remote;
  return { sides: { session, direction, local: resolve(local), remote: { clusterId, path } }, from, to };
}

/** null: there is none. @throws AppError where it is a file */
async function readLocalFolder(local: string): Promise<Tree | null> {
  const found = await stat(local).catch((error: unknown) => {
    const reason = localFileError(error, local) ?? AppError.from(error);
    if (reason.code === 'not-found') return null;
    throw reason;
  });
  if (found && !found.isDirectory()) {
    throw new AppError('bad-input', message`${{ path: local }} is no folder.`, {
      hint: 'For one file: tunel files put, or tunel files get',
    });
  }
  return found && readLocalTree(local);
}

const sameContent = ({ session, local, remote }: SyncSides, from: Tree, to: Tree): Promise<Set<string>> =>
  findSameContent(session, local, remote, sameSized(from, to));

/** Its whole path is known only when it is there. */
async function makeTarget(sides: SyncSides): Promise<void> {
  const { session, direction, local, remote } = sides;
  if (direction === 'download') return void (await mkdir(local, { recursive: true }));
  if (remote.path !== '') await session.request('files.makeDirectory', { ...remote, parents: true });
  remote.path = (await session.request('files.stat', remote)).path;
}

/** What is removed is shown before anything is done. */
async function showRemovals(removals: readonly string[], { yes, json }: SyncOptions): Promise<void> {
  // Nobody is asked about what was not shown, whatever else is left out.
  const print = yes ? printProgress : printMessage;
  if (!json || !yes) for (const path of removals) print(`removes ${path}`);
  if (yes) return;
  const hint = 'See what it removes with --dry-run --delete, then add --yes.';
  await confirm(`Remove these ${removals.length} (yes/no)? `, hint, 'Nothing was changed');
}

const bytesOf = (paths: readonly string[], tree: Tree): number =>
  paths.reduce((sum, path) => sum + (tree.get(path)?.size ?? 0), 0);

function printPlan(plan: SyncPlan, from: Tree, options: SyncOptions): void {
  const { folders, copies, unchanged, conflicts, left } = plan;
  const removals = options.delete ? plan.removals : [];
  const bytes = bytesOf(copies, from);
  if (options.json) {
    printJson({
      dryRun: true,
      ...{ folders, unchanged, left, conflicts, bytes },
      copied: copies,
      removed: removals,
      failed: [],
    });
    return;
  }
  for (const path of folders) printResult(`makes   ${path}/`);
  for (const path of copies) printResult(`copies  ${path}`);
  for (const path of removals) printResult(`removes ${path}`);
  for (const path of conflicts) printResult(`cannot copy ${path}: it is a file on one side and none on the other`);
  printProgress(`${copies.length} files (${formatBytes(bytes)}) of ${copies.length + unchanged}. Nothing was done.`);
}

function report(plan: SyncPlan, outcome: SyncOutcome, options: SyncOptions): void {
  const { folders, unchanged, conflicts, left } = plan;
  if (outcome.failed.length > 0 || conflicts.length > 0) process.exitCode = 1;
  if (options.json) printJson({ dryRun: false, folders, unchanged, left, conflicts, ...outcome });
  else printReport(plan, outcome, options.delete === true);
}

function printReport({ unchanged, conflicts, left, removals }: SyncPlan, outcome: SyncOutcome, deletes: boolean): void {
  const { copied, removed, failed, bytes } = outcome;
  for (const { path, error } of failed) printMessage(`${path}: ${error.message}`);
  for (const path of conflicts) printMessage(`${path} is a file on one side and none on the other; it was left.`);
  if (left.length > 0) printProgress(`${left.length} links and special files were left out, e.g. ${left[0]}`);
  if (removals.length > 0 && !deletes) {
    printProgress(`${removals.length} are there that the source does not have; --delete removes them.`);
  }
  if (removals.length > 0 && deletes && failed.length > 0 && removed.length === 0) {
    printMessage('Nothing was removed, because some files could not be copied.');
  }
  printProgress(`${copied.length} copied (${formatBytes(bytes)}), ${unchanged} unchanged, ${removed.length} removed.`);
}
