import { join, relative } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { signInOf } from '../legacy/launch-policy.ts';
import { askedByRecipe } from '../legacy/request-policy.ts';
import { renderSample, sampleLauncher } from '../lint/lint-recipe.ts';
import { sampleArgs } from '../lint/sample-args.ts';
import type { Finding } from '../lint/types.ts';
import type { RenderedLaunch } from '../render-launch.ts';
import type { Recipe, Render } from '../types.ts';

const kib = (bytes: number): string => (bytes < 1024 ? `${bytes} bytes` : `${Math.ceil(bytes / 1024)} KiB`);

/**
 * What a recipe may do once it is launched, in lines a user can judge: read from the launch as it would be made and from
 * `findings`, never from what a field promises.
 */
export function mayDo(recipe: Recipe, render: Render, findings: readonly Finding[]): string[] {
  const { file, files, summary, template } = recipe;
  const launch = sampleLaunch(recipe, render);
  const lines = [`Runs ${file.script} (${template.split('\n').length} lines) on the cluster, as you.`];
  lines.push(`Launchers: ${summary.launchers.join(', ')}.`);
  const bytes = [...files.values()].reduce((sum, data) => sum + data.length, 0);
  if (files.size > 0)
    lines.push(`Sends ${files.size} ${files.size === 1 ? 'file' : 'files'} of its own, ${kib(bytes)}.`);
  lines.push(...listens(recipe, launch, findings));
  const resources = asks(recipe, launch);
  if (resources) lines.push(`Asks for ${resources}.`);
  if (file.container) lines.push(`Runs in the container ${file.container.image}.`);
  for (const bind of file.container?.binds ?? []) lines.push(`The container sees ${bind}.`);
  if (launch?.legacy?.as) lines.push(`Its script calls ${launch.legacy.as} by itself.`);
  if (file.needs?.modules?.length) lines.push(`Loads the modules ${file.needs.modules.join(', ')}.`);
  const post = file.commands?.post?.trim();
  if (post && launch?.legacy) lines.push(`Runs on the login node once it has started: ${post}`);
  const secrets = summary.args.filter((arg) => arg.type === 'secret').map((arg) => arg.title ?? arg.name);
  if (secrets.length > 0) lines.push(`Asks you for a secret: ${secrets.join(', ')}.`);
  return lines;
}

/** null: it does not render, of which the findings say why. */
function sampleLaunch(recipe: Recipe, render: Render): RenderedLaunch | null {
  try {
    return renderSample(recipe, render);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** A line that opens the app to every network counts more than what the recipe says of its endpoint. */
function listens(recipe: Recipe, launch: RenderedLaunch | null, findings: readonly Finding[]): string[] {
  const open = findings.filter(({ rule }) => rule === 'all-interfaces');
  const where = [
    ...new Set(open.map(({ file, line }) => `${relative(recipe.directory, file)}${line ? `:${line}` : ''}`)),
  ];
  const isOpen = where.length > 0;
  const wide = `Listens on every network of its node (${where.join(', ')}): whoever reaches the node reaches it.`;
  return [...(isOpen ? [wide] : []), endpoint(recipe, launch, isOpen)].filter((line) => line !== '');
}

function endpoint({ summary }: Recipe, launch: RenderedLaunch | null, isOpen: boolean): string {
  if (launch === null) return 'Where it listens is not known: its script could not be rendered.';
  const { serve, legacy } = launch;
  if (!summary.serves || serve === null) return 'Shows no page: it is a batch job.';
  if (legacy?.kind === 'xserver')
    return 'Shows an X display of its own, on a socket in a folder which only you can enter.';
  if (serve.listen === 'socket') {
    return isOpen
      ? 'Tunel reaches it by a socket in a folder which only you can enter.'
      : 'Is told to listen on a socket in a folder which only you can enter.';
  }
  const token = serve.token ?? serve.login ?? (legacy ? signInOf(launch.rendered.script).token : undefined);
  return `Listens on a port of its node${token ? ', and says it demands a token' : ', and demands no token'}.`;
}

/** What the recipe's fields ask for and, of a legacy recipe, what its script asks the scheduler for. */
function asks({ file, summary }: Recipe, launch: RenderedLaunch | null): string {
  const { cpus, memory, time, gpus } = file.resources ?? {};
  const script = launch?.legacy
    ? askedByRecipe(sampleLauncher(summary.launchers), launch.rendered.script, sampleArgs(summary.args))
    : {};
  const amount = (value: number | null | undefined, unit: string) => (value ? `${value} ${unit}` : '');
  return [
    amount(script.nodes, 'nodes'),
    amount(script.cpus ?? cpus?.default, 'cores'),
    amount(script.memory ?? memory?.default, 'MiB'),
    amount(script.time ?? time?.default, 'minutes'),
    amount(script.gpus ?? gpus?.default, 'GPUs'),
    script.array ? `the tasks ${script.array}` : '',
    script.queue ? `the queue ${script.queue}` : '',
    script.account ? `the account ${script.account}` : '',
    ...(script.options ?? []),
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
