import type { ClusterState } from './clusters.ts';
import { AppError } from './errors.ts';
import { type ArgValue, given, toBoolean } from './form-policy.ts';
import { type LaunchInput, resourcesSchema } from './instances.ts';
import { launcherNameSchema, runtimeNameSchema } from './kinds.ts';
import { message } from './messages.ts';
import type { RecipeArg, RecipeSummary } from './recipes.ts';

/**
 * `tunel://launch?recipe=NAME&cluster=NAME&arg.x=...&cpus=4`: fills a launch form and never runs anything. Whoever writes a
 * link is a stranger, so what it may say is listed here and all else is refused.
 */
export const linkScheme = 'tunel';
export const maxLinkLength = 8192;
const maxKeys = 150;

const numbers = ['cpus', 'memory', 'time', 'gpus', 'nodes'] as const;
const resourceTexts = ['gpuType', 'queue', 'account', 'qos', 'array'] as const;
const texts = ['launcher', 'runtime', 'image', 'workDirectory', 'title'] as const;
const single = ['recipe', 'cluster', ...numbers, ...resourceTexts, ...texts] as const;
type Key = (typeof single)[number];
const isKey = (key: string): key is Key => single.some((name) => name === key);

/** What a link says, as it was written. */
interface LaunchLink {
  values: ReadonlyMap<Key, string>;
  modules: readonly string[] | null;
  args: ReadonlyMap<string, string>;
}

const refuse = (why: string, hint = 'Ask who gave it to you for another one.') =>
  new AppError('bad-input', message`This link cannot be used: ${{ reason: why }}.`, { hint });

/** Control characters, and those that turn the direction of writing, could make a form look other than it is. */
const strange = /[\p{Cc}\u202a-\u202e\u2066-\u2069\ufffd]/u;
/** Of what a stranger wrote, only as much as fits into a sentence. */
const quoted = (text: string) => `“${text.replace(new RegExp(strange, 'gu'), '?').slice(0, 60)}”`;

/** Reads a link strictly. @throws AppError `bad-input` with the reason */
export function parseLaunchLink(text: string): LaunchLink {
  if (text.length > maxLinkLength) throw refuse(`it is longer than ${maxLinkLength} characters`);
  const [, place, query] = /^tunel:\/\/([^?#]*)(?:\?([^#]*))?$/i.exec(text) ?? [];
  if (place === undefined) throw refuse(`it does not begin with ${linkScheme}://, or has a # in it`);
  if (place !== 'launch' && place !== 'launch/') {
    throw refuse(`it asks for ${quoted(place)}, and a link only fills a launch form`);
  }
  const pairs = [...new URLSearchParams(query)];
  if (pairs.length > maxKeys) throw refuse(`it has more than ${maxKeys} values`);
  const values = new Map<Key, string>();
  const args = new Map<string, string>();
  const modules: string[] = [];
  for (const [key, value] of pairs) {
    if (strange.test(key) || strange.test(value)) throw refuse(`${quoted(key)} has characters that no field takes`);
    if (key === 'options') throw refuse('it has scheduler options, which are never taken from a link');
    if (key === 'module') {
      modules.push(value);
      continue;
    }
    const arg = /^arg\.([A-Za-z_][A-Za-z0-9_-]{0,99})$/.exec(key)?.[1];
    if (arg !== undefined && !args.has(arg)) args.set(arg, value);
    else if (isKey(key) && !values.has(key)) values.set(key, value);
    else if (arg !== undefined || isKey(key)) throw refuse(`it has ${quoted(key)} twice`);
    else throw refuse(`it has ${quoted(key)}, which no launch form has`);
  }
  return { values, args, modules: pairs.some(([key]) => key === 'module') ? modules.filter(Boolean) : null };
}

export interface FilledForm {
  recipe: RecipeSummary;
  /** What the form begins with. */
  from: Partial<LaunchInput>;
  /** The labels of the fields that the link filled. */
  filled: string[];
}

interface Known {
  recipes: readonly RecipeSummary[];
  clusters: readonly ClusterState[];
}

/** The form that a link stands for here. What a value may be the form itself says, field by field. */
export function fillFromLink(link: LaunchLink, { recipes, clusters }: Known): FilledForm {
  const name = link.values.get('recipe') ?? '';
  if (name === '') throw refuse('it names no recipe');
  const recipe = recipes.find((entry) => entry.name === name);
  if (!recipe) {
    throw new AppError(
      'not-found',
      message`This link asks for the recipe ${{ recipe: quoted(name) }}, which is not here.`,
      {
        hint: 'Add the folder that has it in the settings, then open the link again.',
      },
    );
  }
  const from: Partial<LaunchInput> = { recipe: recipe.name, clusterId: clusterOf(link, clusters) };
  const filled = link.values.get('cluster') ? ['Cluster'] : [];
  const words = (key: string) => key.replace(/([A-Z])/g, ' $1').replace(/^./, (first) => first.toUpperCase());
  const own = recipe.resources;
  const whole = (value: number | undefined) => (value === undefined ? null : Math.round(value));
  const resources = {
    ...resourcesSchema.parse({ queue: own.queue }),
    cpus: whole(own.cpus?.default),
    memory: whole(own.memory?.default),
    time: whole(own.time?.default),
    gpus: whole(own.gpus?.default),
  };
  for (const [key, value] of link.values) {
    if (key === 'recipe' || key === 'cluster') continue;
    filled.push(words(key));
    if (isIn(numbers, key)) resources[key] = readNumber(key, value);
    else if (isIn(resourceTexts, key)) resources[key] = short(key, value, 200);
    else if (key === 'launcher') from.launcher = oneOf(launcherNameSchema, key, value);
    else if (key === 'runtime') from.runtime = oneOf(runtimeNameSchema, key, value);
    else from[key] = short(key, value, key === 'title' ? 100 : key === 'image' ? 1000 : 4096);
  }
  if (numbers.some((key) => link.values.has(key)) || resourceTexts.some((key) => link.values.has(key))) {
    from.resources = resources;
  }
  if (link.modules) {
    if (link.modules.length > 50) throw refuse('it has more than 50 modules');
    from.modules = link.modules.map((module) => short('module', module, 200));
    filled.push('Modules');
  }
  const args: Record<string, ArgValue> = {};
  for (const [arg, value] of link.args) {
    const declared = recipe.args.find((entry) => entry.name === arg);
    if (!declared) throw refuse(`${recipe.title} has no field ${quoted(arg)}`);
    if (declared.type === 'secret') throw refuse(`${declared.title ?? arg} is a secret, and no link may hold one`);
    args[arg] = readArg(declared, value);
    filled.push(declared.title ?? arg);
  }
  from.args = args;
  return { recipe, from, filled };
}

const isIn = <K extends Key>(keys: readonly K[], key: Key): key is K => keys.some((one) => one === key);

function clusterOf(link: LaunchLink, clusters: readonly ClusterState[]): string | undefined {
  const wanted = link.values.get('cluster');
  if (!wanted) return undefined;
  const found =
    clusters.find(({ cluster }) => cluster.id === wanted) ?? clusters.find(({ cluster }) => cluster.name === wanted);
  if (found) return found.cluster.id;
  throw new AppError(
    'not-found',
    message`This link asks for the cluster ${{ cluster: quoted(wanted) }}, which you do not have.`,
    {
      hint: 'Add it under that name, then open the link again.',
    },
  );
}

function readNumber(key: string, value: string): number | null {
  if (value === '') return null;
  if (!/^\d{1,8}$/.test(value)) throw refuse(`${quoted(key)} is no whole number`);
  return Number(value);
}

function short(key: string, value: string, most: number): string {
  if (value.length > most) throw refuse(`${quoted(key)} is longer than ${most} characters`);
  return value;
}

function oneOf<T extends string>(
  schema: { safeParse(value: string): { success: true; data: T } | { success: false } },
  key: string,
  value: string,
): T | '' {
  const parsed = schema.safeParse(value);
  if (value === '') return '';
  if (!parsed.success) throw refuse(`there is no ${key} ${quoted(value)}`);
  return parsed.data;
}

/** As the field holds it; what is wrong with it is shown at the field. */
function readArg(arg: RecipeArg, value: string): ArgValue {
  if (arg.type === 'boolean') {
    const truth = toBoolean(value);
    if (truth === null) throw refuse(`${quoted(arg.name)} is neither true nor false`);
    return truth;
  }
  const number = Number(value);
  return arg.type === 'number' && value.trim() !== '' && Number.isFinite(number) ? number : value;
}

/** The link that fills the form as it is, without secrets and without the scheduler's own options. */
export function launchLink(input: LaunchInput, recipe: RecipeSummary, clusterName: string): string {
  const query = new URLSearchParams({ recipe: recipe.name });
  const set = (key: string, value: string) => {
    if (strange.test(value)) {
      throw new AppError(
        'bad-input',
        message`A link cannot hold the value of “${{ key }}”: it has a line break or the like.`,
        {
          hint: 'Save a preset instead, or change the value.',
        },
      );
    }
    query.append(key, value);
  };
  if (clusterName) set('cluster', clusterName);
  for (const key of texts) if (input[key]) set(key, input[key]);
  for (const key of numbers) {
    const value = input.resources[key];
    const own = key === 'nodes' ? undefined : recipe.resources[key]?.default;
    if (value !== null) set(key, String(value));
    else if (own !== undefined) set(key, '');
  }
  for (const key of resourceTexts) if (input.resources[key]) set(key, input.resources[key]);
  for (const module of input.modules) set('module', module);
  for (const arg of recipe.args) {
    const value = given(input.args, arg.name);
    if (value !== undefined && arg.type !== 'secret') set(`arg.${arg.name}`, String(value));
  }
  const link = `${linkScheme}://launch?${query}`;
  if (link.length <= maxLinkLength) return link;
  throw new AppError('bad-input', 'These values are too long for a link.', { hint: 'Save a preset instead.' });
}

/** The link among a program's arguments, where the system hands it over. */
export function linkAmong(words: readonly string[]): string | null {
  return words.findLast((word) => /^tunel:/i.test(word)) ?? null;
}
