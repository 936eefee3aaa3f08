import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { AppError } from '../../electron/shared/errors.ts';
import {
  type FolderInput,
  type FolderSource,
  type FolderState,
  folderKindNames,
  type Inspection,
} from '../../electron/shared/folders.ts';
import { message } from '../../electron/shared/messages.ts';
import type { EngineState } from '../../electron/shared/state.ts';
import { passCtrlCOn } from '../end-by-signal.ts';
import { demoFor, type StateSession, untilInterrupted, withEngine, withEngineState } from '../engine-session.ts';
import { findCluster, isSettledIn } from '../find-in-state.ts';
import { findInstance } from '../find-instance.ts';
import { chooseStart, describeCandidates, type GivenStart, isInDoubt } from '../folder-start-policy.ts';
import type { JsonOption } from '../json-option.ts';
import { readChoice, readWholeNumber } from '../option-values.ts';
import { printDone, printJson, printProgress, printTable } from '../output.ts';
import { untilConnected } from '../wait-for-connection.ts';

export interface FolderOptions extends JsonOption {
  cluster?: string;
  title?: string;
  start?: string;
  listen?: string;
  candidate?: string;
}

const connectingTo = (cluster: string | undefined) =>
  cluster === undefined ? {} : { connects: true, ...demoFor(cluster) };

export function lookAtFolder(source: string, { cluster, json }: FolderOptions): Promise<void> {
  return withEngineState(connectingTo(cluster), async (session) => {
    const inspection = await inspect(session, source, cluster);
    if (json) printJson(inspection);
    else printInspection(inspection);
  });
}

export function addFolder(source: string, options: FolderOptions): Promise<void> {
  return withEngineState(connectingTo(options.cluster), async (session) => {
    const inspection = await inspect(session, source, options.cluster);
    const known = session.state().folders.find((other) => isSameSource(other.folder.source, inspection.source));
    const input = await inputOf(inspection, known, options);
    const saved = await session.request('folders.save', { id: known?.folder.id, input });
    if (options.json) return printJson(saved);
    printInspection(inspection);
    printProgress(`Saved to start with: ${input.start.line}`);
    printProgress(`Saved. Run it with: tunel run-app CLUSTER ${saved.recipe} --wait`);
  });
}

const readListen = (text: string) => readChoice('--listen', text, ['socket', 'port']);

async function inputOf(
  inspection: Inspection,
  known: FolderState | undefined,
  options: FolderOptions,
): Promise<FolderInput> {
  const { source, title } = inspection;
  const saved = known?.folder.start;
  const given: GivenStart = {
    ...(options.start === undefined ? {} : { start: options.start }),
    ...(options.listen === undefined ? {} : { listen: readListen(options.listen) }),
    ...(options.candidate === undefined
      ? {}
      : { candidate: readWholeNumber('--candidate', options.candidate, { least: 1 }) }),
  };
  const candidate = isInDoubt(inspection, given, saved) ? await askCandidate(inspection) : given.candidate;
  const start = chooseStart(inspection, { ...given, ...(candidate === undefined ? {} : { candidate }) }, saved);
  return { title: options.title ?? known?.folder.title ?? title, source, start };
}

/** Which of them it is, by the user. @throws AppError `bad-input` where nobody can be asked, with what to write instead */
async function askCandidate(inspection: Inspection): Promise<number> {
  const all = describeCandidates(inspection);
  if (!process.stdin.isTTY) {
    throw new AppError(
      'bad-input',
      message`This folder can be started in ${{ count: all.length }} ways:\n${{ candidates: all.join('\n') }}`,
      {
        hint: 'Choose one with --candidate NUMBER.',
      },
    );
  }
  process.stderr.write(`This folder can be started in ${all.length} ways:\n${all.join('\n')}\n`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  passCtrlCOn(terminal);
  const closed = new Promise<string>((answer) => terminal.once('close', () => answer('')));
  const reply = await Promise.race([terminal.question(`Which (1-${all.length})? `), closed]);
  terminal.close();
  if (reply.trim() === '') throw new AppError('cancelled', 'Nothing was chosen.');
  return readWholeNumber('The answer', reply, { least: 1, most: all.length });
}

export function listFolders({ json }: FolderOptions): Promise<void> {
  return withEngine(async ({ request }) => {
    const { folders } = (await request('app.state', undefined)).state;
    if (json) return printJson(folders);
    printTable(
      ['RECIPE', 'TITLE', 'KIND', 'LAST SENT'],
      folders.map(({ recipe, folder, reports }) => [
        recipe,
        folder.title,
        folderKindNames[folder.start.kind],
        reports[0]?.text ?? '',
      ]),
    );
  });
}

export function syncFolder(name: string, cluster: string, { json }: FolderOptions): Promise<void> {
  return withEngineState(connectingTo(cluster), async ({ state, request }) => {
    const { id } = findFolder(state(), name).folder;
    const report = await request('folders.sync', { id, clusterId: findCluster(state(), cluster).id });
    if (json) printJson(report);
    else process.stdout.write(`${report.text}\n`);
  });
}

export function watchFolder(app: string): Promise<void> {
  return withEngineState({ resumes: true, demo: 'if-used' }, async (session) => {
    await untilConnected(session);
    const { id, recipe, title } = await findInstance(session, app);
    await session.request('folders.watch', { instanceId: id, on: true });
    printProgress(`Watching the folder of ${title}. Ctrl-C ends that; the app runs on.`);
    const stop = printReports(session, recipe);
    await untilInterrupted(session, (state) => isSettledIn(state, id));
    stop();
    await session.client.request('folders.watch', { instanceId: id, on: false });
  });
}

export function removeFolder(name: string, { cluster, json }: FolderOptions): Promise<void> {
  return withEngineState(connectingTo(cluster), async ({ state, request }) => {
    const { id, title } = findFolder(state(), name).folder;
    if (cluster) await request('folders.clean', { id, clusterId: findCluster(state(), cluster).id });
    await request('folders.remove', { id });
    printDone({ json }, { id }, `${title} is removed from the list; its files here stay.`);
  });
}

const isSameSource = (a: FolderSource, b: FolderSource): boolean =>
  a.kind === 'git' ? b.kind === 'git' && a.url === b.url : b.kind === a.kind && b.path === a.path;

function findFolder({ folders }: EngineState, name: string): FolderState {
  const wanted = name.replace(/^folders\//, '');
  const exact = folders.find(({ folder }) => folder.id === wanted);
  const found = exact ? [exact] : folders.filter(({ folder }) => folder.id.startsWith(wanted) || folder.title === name);
  if (found.length === 1 && found[0]) return found[0];
  const hint = 'See them with: tunel folder list';
  if (found.length === 0) throw new AppError('not-found', message`There is no folder “${{ name }}”.`, { hint });
  throw new AppError('not-found', message`“${{ name }}” fits several folders.`, { hint });
}

/** An address, or a path from where the command was called. */
function inspect({ state, request }: StateSession, source: string, cluster: string | undefined): Promise<Inspection> {
  const [, address = source, commit = ''] = /^(.*?)(?:#([0-9a-f]{40}))?$/.exec(source) ?? [];
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\//.test(source) || /^[\w.-]+@[\w.-]+:/.test(source);
  const kind = /\.zip$/i.test(source) ? 'zip' : 'folder';
  return request('folders.inspect', {
    source: isAddress ? { kind: 'git', url: address, commit } : { kind, path: resolve(source) },
    clusterId: cluster === undefined ? undefined : findCluster(state(), cluster).id,
  });
}

function printInspection(inspection: Inspection): void {
  const { source, recognition, candidates, files, bytes, left, leftMore } = inspection;
  const { kind, confidence, why, line, environment, listen } = recognition;
  const lines = [
    `${folderKindNames[kind]} (${confidence}): ${why.join('; ')}`,
    `starts with   ${line || '(write it with --start)'}`,
    `listens on    a ${listen === 'socket' ? 'socket that only you can open' : 'port of its node'}`,
    `needs         ${environment.kind === 'none' ? 'nothing installed' : `${environment.kind} from ${environment.files.join(', ')}`}`,
    source.kind === 'git'
      ? `is cloned     ${source.url} at ${source.commit}: ${files} files, ${bytes} bytes`
      : `would be sent ${files} files, ${bytes} bytes`,
    ...(candidates.length > 0 ? [`or it is      (tunel folder add DIR --candidate NUMBER)`] : []),
    ...(candidates.length > 0 ? describeCandidates(inspection).map((text) => `    ${text}`) : []),
    ...left.map(({ name, why: reason }) => `stays here    ${name} (${reason})`),
    ...(leftMore > 0 ? [`stays here    ${leftMore} more`] : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Each synchronisation and each failure, as they come. */
function printReports(session: StateSession, recipe: string): () => void {
  let last = '';
  const look = () => {
    const folder = session.state().folders.find((found) => found.recipe === recipe);
    const text = folder?.problem ?? folder?.reports[0]?.text ?? '';
    const key = `${folder?.reports[0]?.at} ${text}`;
    if (text !== '' && key !== last) printProgress(`  ${text}`);
    last = key;
  };
  look();
  return session.onChange(look);
}
