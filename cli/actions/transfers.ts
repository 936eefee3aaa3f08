import { resolve } from 'node:path';
import type { RequestInput } from '../../electron/shared/contract/index.ts';
import { AppError } from '../../electron/shared/errors.ts';
import { message } from '../../electron/shared/messages.ts';
import { conflictChoiceSchema, type Transfer, transferOptionsSchema } from '../../electron/shared/transfers.ts';
import { demoFor, type StateSession, withEngineState } from '../engine-session.ts';
import { findCluster } from '../find-in-state.ts';
import { followTransfer } from '../follow-transfer.ts';
import { formatBytes } from '../format.ts';
import type { JsonOption } from '../json-option.ts';
import { readChoice, readWholeNumber } from '../option-values.ts';
import { printDone, printJson, printProgress, printTable } from '../output.ts';

export interface StartTransferOptions extends JsonOption {
  conflicts: string;
  links: string;
  changed?: string;
  verify?: boolean;
  limit?: string;
  wait?: boolean;
}

const { conflicts, links } = transferOptionsSchema.shape;

type Start = RequestInput<'transfers.start'>;

export function listTransfers({ cluster, json }: JsonOption & { cluster?: string }): Promise<void> {
  return withEngineState({}, async (session) => {
    const clusterId = cluster === undefined ? undefined : findCluster(session.state(), cluster).id;
    const list = await session.request('transfers.list', { clusterId });
    if (json) return printJson(list);
    printTable(
      ['ID', 'STATE', 'FILES', 'BYTES', 'SPEED', 'FROM AND TO'],
      list.map((transfer) => describe(session, transfer)),
    );
  });
}

function describe(session: StateSession, transfer: Transfer): string[] {
  const { id, state, files, bytes, speed } = transfer;
  return [
    ...[id, state, `${files.done + files.skipped}/${files.total}`],
    `${formatBytes(bytes.done)} of ${formatBytes(bytes.total)}`,
    speed === 0 ? '' : `${formatBytes(speed)}/s`,
    describeEnds(session, transfer),
  ];
}

function describeEnds(session: StateSession, transfer: Transfer): string {
  const { clusterId, toClusterId, direction, sources, sourceCount, destination } = transfer;
  const nameOf = (wanted: string) =>
    session.state().clusters.find(({ cluster }) => cluster.id === wanted)?.cluster.name ?? wanted;
  const more = sourceCount > 1 ? ` and ${sourceCount - 1} more` : '';
  const from = direction === 'upload' ? '' : `${nameOf(clusterId)}:`;
  const to = direction === 'download' ? '' : `${nameOf(toClusterId ?? clusterId)}:`;
  return `${from}${sources[0]}${more} -> ${to}${destination}`;
}

export function showTransfer(id: string, { json }: JsonOption): Promise<void> {
  return withEngineState({}, async (session) => {
    const transfer = await session.request('transfers.get', { id: await findTransfer(session, id) });
    if (json) return printJson(transfer);
    printTable(['ID', 'STATE', 'FILES', 'BYTES', 'SPEED', 'FROM AND TO'], [describe(session, transfer)]);
    if (transfer.error) printProgress(transfer.error.message);
    for (const { error } of transfer.failures) printProgress(error.message);
    const { question } = transfer;
    if (!question) return;
    printProgress(`${question.count} files are there already: tunel transfers answer ${transfer.id} newer`);
    for (const { path } of question.files) printProgress(`  ${path}`);
  });
}

/** By its id or the beginning of it. @throws AppError `not-found` */
async function findTransfer({ request }: Pick<StateSession, 'request'>, id: string): Promise<string> {
  const list = await request('transfers.list', { limit: 500 });
  const found = list.filter((transfer) => transfer.id.startsWith(id));
  const [transfer] = found;
  if (transfer && found.length === 1) return transfer.id;
  throw new AppError('not-found', message`There is no transfer “${{ id }}”.`, { hint: 'See: tunel transfers list' });
}

export function startUpload(
  cluster: string,
  destination: string,
  files: readonly string[],
  options: StartTransferOptions,
): Promise<void> {
  const sources = files.map((file) => resolve(file));
  return start({ direction: 'upload', clusterId: cluster, sources, destination, ...readOptions(options) }, options);
}

export function startDownload(
  cluster: string,
  folder: string,
  sources: string[],
  options: StartTransferOptions,
): Promise<void> {
  const destination = resolve(folder);
  return start({ direction: 'download', clusterId: cluster, sources, destination, ...readOptions(options) }, options);
}

export function startCopy(
  cluster: string,
  other: string,
  destination: string,
  sources: string[],
  options: StartTransferOptions,
): Promise<void> {
  const ends = { clusterId: cluster, toClusterId: other };
  return start({ direction: 'copy', ...ends, sources, destination, ...readOptions(options) }, options);
}

function readOptions({ conflicts: choice, links: treated, changed, verify = false, limit }: StartTransferOptions) {
  return {
    conflicts: readChoice('--conflicts', choice, conflicts.unwrap().options),
    links: readChoice('--links', treated, links.unwrap().options),
    changedOnly: changed === undefined ? ('no' as const) : readChoice('--changed', changed, ['time', 'hash'] as const),
    verify,
    limit: limit === undefined ? 0 : readWholeNumber('--limit', limit, { least: 0, unit: 'bytes' }),
  };
}

/** @param input its clusters by name */
function start(input: Start, options: StartTransferOptions): Promise<void> {
  const demo = [input.clusterId, input.toClusterId].map(demoFor).find((each) => each.demo !== undefined);
  return withEngineState({ connects: options.wait === true, ...demo }, async (session) => {
    const idOf = (name: string) => findCluster(session.state(), name).id;
    const { clusterId, toClusterId, ...rest } = input;
    const ends = { clusterId: idOf(clusterId), ...(toClusterId !== undefined && { toClusterId: idOf(toClusterId) }) };
    const transfer = await session.request('transfers.start', { ...rest, ...ends });
    if (options.wait) return printCopied(await followTransfer(session, transfer.id), options);
    printDone(options, transfer, `The transfer ${transfer.id} has begun. See: tunel transfers show ${transfer.id}`);
  });
}

function printCopied(transfer: Transfer, options: JsonOption): void {
  const { files, bytes } = transfer;
  const skipped = files.skipped > 0 ? `, ${files.skipped} left out` : '';
  printDone(options, transfer, `${files.done} files are copied (${formatBytes(bytes.done)})${skipped}.`);
}

/** Waits for one that was begun elsewhere as well. */
export function waitForTransfer(id: string, options: JsonOption): Promise<void> {
  return withEngineState({ connects: true }, async (session) => {
    printCopied(await followTransfer(session, await findTransfer(session, id)), options);
  });
}

/** Something that is done with one transfer, by its id or the beginning of it. */
function withTransfer(
  id: string,
  options: JsonOption,
  work: (session: StateSession, id: string) => Promise<Transfer>,
): Promise<void> {
  return withEngineState({}, async (session) => {
    const transfer = await work(session, await findTransfer(session, id));
    printDone(options, transfer, `The transfer ${transfer.id} is ${transfer.state}.`);
  });
}

export const pauseTransfer = (id: string, options: JsonOption): Promise<void> =>
  withTransfer(id, options, ({ request }, whole) => request('transfers.pause', { id: whole }));

export const resumeTransfer = (id: string, options: JsonOption): Promise<void> =>
  withTransfer(id, options, ({ request }, whole) => request('transfers.resume', { id: whole }));

export const cancelTransfer = (id: string, options: JsonOption): Promise<void> =>
  withTransfer(id, options, ({ request }, whole) => request('transfers.cancel', { id: whole }));

export const retryTransfer = (id: string, options: JsonOption): Promise<void> =>
  withTransfer(id, options, ({ request }, whole) => request('transfers.retry', { id: whole }));

export function answerTransfer(id: string, text: string, files: string[], options: JsonOption): Promise<void> {
  const choice = readChoice('<choice>', text, conflictChoiceSchema.options);
  return withTransfer(id, options, ({ request }, whole) =>
    request('transfers.answerConflict', { id: whole, choice, ...(files.length > 0 && { paths: files }) }),
  );
}

export function clearTransfers(id: string | undefined, options: JsonOption): Promise<void> {
  return withEngineState({}, async (session) => {
    const whole = id === undefined ? undefined : await findTransfer(session, id);
    await session.request('transfers.remove', { id: whole });
    printDone(
      options,
      { id: whole ?? null },
      whole === undefined ? 'The list is cleared.' : `${whole} is off the list.`,
    );
  });
}

export function moveTransfer(id: string, before: string | undefined, options: JsonOption): Promise<void> {
  return withEngineState({}, async (session) => {
    const whole = await findTransfer(session, id);
    const other = before === undefined ? null : await findTransfer(session, before);
    await session.request('transfers.move', { id: whole, before: other });
    printDone(options, { id: whole }, `${whole} has another position.`);
  });
}

export function limitTransfers(bytes: string, id: string | undefined, options: JsonOption): Promise<void> {
  const limit = readWholeNumber('<bytes>', bytes, { least: 0, unit: 'bytes' });
  return withEngineState({}, async (session) => {
    const whole = id === undefined ? undefined : await findTransfer(session, id);
    await session.request('transfers.setLimit', { id: whole, limit });
    printDone(options, { limit }, limit === 0 ? 'There is no limit.' : `At most ${formatBytes(limit)} a second.`);
  });
}
