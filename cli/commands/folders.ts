import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../electron/shared/errors.ts';
import {
  type FolderSource,
  type FolderState,
  folderKindWords,
  type Inspection,
} from '../../electron/shared/folders.ts';
import type { EngineState } from '../../electron/shared/state.ts';
import { type OpenCore, withCore } from '../open-core.ts';
import { guarded, printJson, printTable, say } from '../output.ts';
import { findCluster, findInstance } from '../places.ts';
import { connected } from '../settling.ts';

interface Options {
  cluster?: string;
  title?: string;
  start?: string;
  listen?: string;
  json?: boolean;
}

const idle = { resume: false, demo: false };

export function folderCommands(program: Command): void {
  const folder = program.command('folder').description('Your own folders as apps.');

  folder
    .command('look <source>')
    .description('what a folder, zip or git address is, how it would start, and what would be sent')
    .option('--cluster <name>', 'who clones a git address')
    .option('--json', 'as JSON')
    .action((source: string, options: Options) =>
      guarded(options.json === true, () =>
        withCore(forCluster(options.cluster), async (open) => {
          const seen = await look(open, source, options.cluster);
          if (options.json) printJson(seen);
          else show(seen);
        }),
      ),
    );

  folder
    .command('add <source>')
    .description('makes a recipe of it: then tunel run-app CLUSTER folders/NAME')
    .option('--cluster <name>', 'who clones a git address')
    .option('--title <text>', 'what you call it')
    .option('--start <line>', 'the line that starts it, instead of the recognised one')
    .option('--listen <how>', 'socket or port')
    .option('--json', 'as JSON')
    .action((source: string, options: Options) =>
      guarded(options.json === true, () =>
        withCore(forCluster(options.cluster), async (open) => {
          const { state, request } = open;
          const seen = await look(open, source, options.cluster);
          const { kind, environment } = seen.recognition;
          const listen = options.listen === 'port' || options.listen === 'socket' ? options.listen : null;
          if (options.listen && !listen) {
            throw new AppError('bad-input', `“${options.listen}” is neither socket nor port.`);
          }
          const known = state().folders.find((other) => sameSource(other.folder.source, seen.source));
          const saved = await request('folders.save', {
            id: known?.folder.id,
            input: {
              title: options.title ?? known?.folder.title ?? seen.title,
              source: seen.source,
              start: {
                kind,
                line: options.start ?? seen.recognition.line,
                environment,
                listen: listen ?? seen.recognition.listen,
              },
            },
          });
          if (options.json) return printJson(saved);
          show(seen);
          say(`Saved. Run it with: tunel run-app CLUSTER ${saved.recipe} --wait`);
        }),
      ),
    );

  folder
    .command('list', { isDefault: true })
    .description('your folders, and what was last sent')
    .option('--json', 'as JSON')
    .action((options: Options) =>
      guarded(options.json === true, () =>
        withCore(idle, async ({ state }) => {
          const { folders } = state();
          if (options.json) return printJson(folders);
          printTable(
            ['RECIPE', 'TITLE', 'KIND', 'LAST SENT'],
            folders.map(({ recipe, folder, reports }) => [
              recipe,
              folder.title,
              folderKindWords[folder.start.kind],
              reports[0]?.words ?? '',
            ]),
          );
        }),
      ),
    );

  folder
    .command('sync <name> <cluster>')
    .description('sends what changed, without a launch')
    .option('--json', 'as JSON')
    .action((name: string, cluster: string, options: Options) =>
      guarded(options.json === true, () =>
        withCore(forCluster(cluster), async ({ state, request }) => {
          const { id } = findFolder(state(), name).folder;
          const report = await request('folders.sync', { id, clusterId: findCluster(state(), cluster).id });
          if (options.json) printJson(report);
          else process.stdout.write(`${report.words}\n`);
        }),
      ),
    );

  folder
    .command('watch <app>')
    .description('sends the folder of a running app at each save and starts it again; stays until Ctrl-C')
    .action((app: string) =>
      guarded(false, () =>
        withCore({ resume: true, demo: true }, async (open) => {
          await connected(open);
          const { id, recipe, title } = findInstance(open.state(), app);
          await open.request('folders.watch', { instanceId: id, on: true });
          say(`Watching the folder of ${title}. Ctrl-C ends that; the app runs on.`);
          const stop = tell(open, recipe);
          await open
            .until((state) => (findInstance(state, id).endedAt === null ? null : true))
            .catch((error: unknown) => {
              if (AppError.from(error).code !== 'cancelled') throw error;
            });
          stop();
          await open.request('folders.watch', { instanceId: id, on: false });
        }),
      ),
    );

  folder
    .command('remove <name>')
    .description('forgets a folder; its files here stay')
    .option('--cluster <name>', 'takes what was sent off this cluster first')
    .action((name: string, options: Options) =>
      guarded(false, () =>
        withCore(forCluster(options.cluster), async ({ state, request }) => {
          const { folder: found } = findFolder(state(), name);
          if (options.cluster) {
            await request('folders.clean', { id: found.id, clusterId: findCluster(state(), options.cluster).id });
          }
          await request('folders.remove', { id: found.id });
          say(`${found.title} is forgotten.`);
        }),
      ),
    );
}

const forCluster = (name: string | undefined) => ({ resume: false, demo: name === 'demo' });

const sameSource = (a: FolderSource, b: FolderSource): boolean =>
  a.kind === 'git' ? b.kind === 'git' && a.url === b.url : b.kind === a.kind && b.path === a.path;

function findFolder({ folders }: EngineState, name: string): FolderState {
  const wanted = name.replace(/^folders\//, '');
  const exact = folders.find(({ folder }) => folder.id === wanted);
  const found = exact ? [exact] : folders.filter(({ folder }) => folder.id.startsWith(wanted) || folder.title === name);
  if (found.length === 1 && found[0]) return found[0];
  throw new AppError('not-found', `“${name}” fits ${found.length === 0 ? 'no folder' : 'several folders'}.`, {
    hint: 'See them with: tunel folder list',
  });
}

/** An address, or a path from where the command was called. */
function look({ state, request }: OpenCore, source: string, cluster: string | undefined): Promise<Inspection> {
  const [, address = source, commit = ''] = /^(.*?)(?:#([0-9a-f]{40}))?$/.exec(source) ?? [];
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\//.test(source) || /^[\w.-]+@[\w.-]+:/.test(source);
  const kind = /\.zip$/i.test(source) ? 'zip' : 'folder';
  return request('folders.inspect', {
    source: isAddress ? { kind: 'git', url: address, commit } : { kind, path: resolve(source) },
    clusterId: cluster === undefined ? undefined : findCluster(state(), cluster).id,
  });
}

function show({ source, recognition, files, bytes, left, leftMore }: Inspection): void {
  const { kind, confidence, why, line, environment, listen } = recognition;
  const lines = [
    `${folderKindWords[kind]} (${confidence}): ${why.join('; ')}`,
    `starts with   ${line || '(write it with --start)'}`,
    `listens on    a ${listen === 'socket' ? 'socket that only you can open' : 'port of its node'}`,
    `needs         ${environment.kind === 'none' ? 'nothing installed' : `${environment.kind} from ${environment.files.join(', ')}`}`,
    source.kind === 'git'
      ? `is cloned     ${source.url} at ${source.commit}: ${files} files, ${bytes} bytes`
      : `would be sent ${files} files, ${bytes} bytes`,
    ...left.map(({ name, why: reason }) => `stays here    ${name} (${reason})`),
    ...(leftMore > 0 ? [`stays here    ${leftMore} more`] : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Each synchronisation and each failure, as they come. */
function tell(open: OpenCore, recipe: string): () => void {
  let last = '';
  const look = () => {
    const folder = open.state().folders.find((found) => found.recipe === recipe);
    const words = folder?.problem ?? folder?.reports[0]?.words ?? '';
    const key = `${folder?.reports[0]?.at} ${words}`;
    if (words !== '' && key !== last) say(`  ${words}`);
    last = key;
  };
  look();
  return open.core.onChanges(look);
}
