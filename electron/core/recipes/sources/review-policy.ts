import { join, relative } from 'node:path';
import type { Finding } from '../lint/types.ts';
import type { Recipe } from '../types.ts';

const kib = (bytes: number): string => (bytes < 1024 ? `${bytes} bytes` : `${Math.ceil(bytes / 1024)} KiB`);

/** What a recipe may do once it is launched, in lines a user can judge. */
export function mayDo(recipe: Recipe): string[] {
  const { file, files, summary, template } = recipe;
  const lines = [`Runs ${file.script} (${template.split('\n').length} lines) on the cluster, as you.`];
  lines.push(`Launchers: ${summary.launchers.join(', ')}.`);
  const bytes = [...files.values()].reduce((sum, data) => sum + data.length, 0);
  if (files.size > 0)
    lines.push(`Sends ${files.size} ${files.size === 1 ? 'file' : 'files'} of its own, ${kib(bytes)}.`);
  lines.push(listens(recipe));
  const resources = asks(recipe);
  if (resources) lines.push(`Asks for ${resources}.`);
  if (file.container) lines.push(`Runs in the container ${file.container.image}.`);
  for (const bind of file.container?.binds ?? []) lines.push(`The container sees ${bind}.`);
  if (file.needs?.modules?.length) lines.push(`Loads the modules ${file.needs.modules.join(', ')}.`);
  if (file.commands?.post) lines.push(`Runs on the login node once it has started: ${file.commands.post.trim()}`);
  const secrets = summary.args.filter((arg) => arg.type === 'secret').map((arg) => arg.title ?? arg.name);
  if (secrets.length > 0) lines.push(`Asks you for a secret: ${secrets.join(', ')}.`);
  return lines;
}

function listens({ file, summary }: Recipe): string {
  if (!summary.serves) return 'Opens nothing: it is a batch job.';
  if (file.serve?.listen !== 'port') return 'Listens on a socket in its own folder, which only you can enter.';
  const guarded = file.serve.token ?? file.serve.login;
  return `Listens on a port of its node${guarded ? ', and says it demands a token' : ', and demands no token'}.`;
}

function asks({ file }: Recipe): string {
  const { cpus, memory, time, gpus } = file.resources ?? {};
  return [
    cpus?.default && `${cpus.default} cores`,
    memory?.default && `${memory.default} MiB`,
    time?.default && `${time.default} minutes`,
    gpus?.default && `${gpus.default} GPUs`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** `recipes/x/run.sh:3: error: It listens ...` */
export const findingLine = (folder: string, { file, line, level, message }: Finding): string =>
  `${relative(folder, file)}${line === null ? '' : `:${line}`}: ${level}: ${message}`;

/** Whether any file below a recipe's folder differs between two lists of `path -> git hash`. */
export function hasChanged(
  recipe: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): boolean {
  const below = (path: string) => path.startsWith(`${recipe}/`) || path.startsWith(join('templates', '/'));
  const paths = new Set([...before.keys(), ...after.keys()].filter(below));
  return [...paths].some((path) => before.get(path) !== after.get(path));
}
