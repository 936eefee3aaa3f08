import { type CombinationProblem, describeChoice, describeRefusal } from './combination-policy.ts';
import { AppError, type ErrorCode } from './errors.ts';
import type { ValueProblem } from './form-policy.ts';
import { alternatives, count, formatMinutes, toGigabytes, toGigabytesBelow } from './format.ts';
import type { LauncherName, RuntimeName } from './kinds.ts';
import { type ArrayForm, launcherLabel, launcherLabels, runtimeLabels } from './launcher-features.ts';
import { type Message, message } from './messages.ts';

/** Time in minutes, memory in MiB. */
export type LimitedResource = 'time' | 'cpus' | 'memory' | 'gpus' | 'nodes';

/** Why a launch cannot be made as it is asked for, by code. */
interface ProblemValues {
  'cluster-missing': object;
  'launcher-unsupported': { recipe: string; launcher: LauncherName; available: LauncherName[] };
  'launcher-not-found': { launcher: LauncherName; cluster: string; found: LauncherName[] };
  'no-launcher': { recipe: string; wanted: string[]; cluster: string; found: LauncherName[] };
  'launcher-unknown': { recipe: string; wanted: string[] };
  'runtime-not-found': { runtime: RuntimeName; cluster: string; found: RuntimeName[] };
  'runtime-unsuitable': { runtime: RuntimeName; image: string; able: RuntimeName[] };
  'no-runtime': { image: string; cluster: string; able: RuntimeName[]; found: RuntimeName[] };
  'image-missing': { recipe: string; runtime: RuntimeName };
  'image-invalid': { image: string };
  'queue-unknown': { queue: string; cluster: string; queues: string[] };
  'qos-unknown': { qos: string; allowed: string[] };
  'combination-refused': CombinationProblem;
  'number-invalid': { resource: LimitedResource; asked: number };
  /** `queue` is empty where the scheduler has no queues; `otherQueue` is one where it fits. */
  'queue-limit': { resource: LimitedResource; asked: number; limit: number; queue: string; otherQueue: string | null };
  'recipe-limit': { recipe: string; resource: LimitedResource; asked: number; limit: number };
  'gpu-type-unknown': { gpuType: string; queue: string; types: string[] };
  'option-refused': { option: string; reason: OptionRefusal };
  'array-invalid': { array: string; launcher: LauncherName; form: ArrayForm };
  'array-unsupported': { launcher: LauncherName };
  'argument-invalid': {
    recipe: string;
    name: string;
    title: string;
    help: string;
    value: string;
    problem: ValueProblem;
  };
  'too-many-arguments': { recipe: string; given: number; most: number };
  'several-lines': { subject: string };
  'text-too-long': { subject: string; most: number };
}

export type OptionRefusal = 'control-character' | 'no-dash' | 'set-by-tunel' | 'array-has-a-field';

type LaunchProblemCode = keyof ProblemValues;

/** `field`: the field of the launch form it belongs to, e.g. `memory` or `args.folder`. */
export type LaunchProblem = {
  [Code in LaunchProblemCode]: { code: Code; field: string; values: ProblemValues[Code] };
}[LaunchProblemCode];

/** What is wrong and what to do about it. With `queue`, using that queue is another remedy. */
interface ProblemText {
  message: Message;
  remedy: Message | null;
  queue?: string;
}

const text = (said: Message, remedy: Message | null = null): ProblemText => ({ message: said, remedy });

const launchers = (names: readonly string[]): string => alternatives(names.map(launcherLabel));
const runtimes = (names: readonly RuntimeName[]): string => alternatives(names.map((name) => runtimeLabels[name]));

function foundText(names: readonly string[], nothing: string): string {
  return names.length === 0 ? `No ${nothing} was found there.` : `Found there: ${names.join(', ')}.`;
}
const foundLaunchers = (names: readonly LauncherName[]) =>
  foundText(
    names.map((name) => launcherLabels[name]),
    'launcher',
  );
const foundRuntimes = (names: readonly RuntimeName[]) =>
  foundText(
    names.map((name) => runtimeLabels[name]),
    'container runtime',
  );

/** An amount as sentences write it. Limits are rounded down, so that what is shown is accepted. */
function amount(resource: LimitedResource, value: number, isLimit: boolean): string {
  switch (resource) {
    case 'time':
      return formatMinutes(value);
    case 'memory':
      return `${isLimit ? toGigabytesBelow(value) : toGigabytes(value)} GB`;
    case 'cpus':
      return count(value, 'core');
    case 'gpus':
      return count(value, 'GPU');
    case 'nodes':
      return count(value, 'node');
  }
}

function queueLimitMessage({ resource, asked, limit, queue }: ProblemValues['queue-limit']): Message {
  const most = amount(resource, limit, true);
  const wanted = resource === 'gpus' && limit === 0 ? 'a GPU' : amount(resource, asked, false);
  const isNamed = queue !== '';
  switch (resource) {
    case 'time':
      if (!isNamed) return message`At most ${{ limit: most }} can be asked for.`;
      return message`At most ${{ limit: most }} in ${{ queue }} can be asked for.`;
    case 'nodes':
      return isNamed ? message`${{ queue }} has ${{ limit: most }}.` : message`The cluster has ${{ limit: most }}.`;
    case 'memory':
      if (!isNamed) return message`No node has ${{ asked: wanted }} of memory.`;
      return message`No node in ${{ queue }} has ${{ asked: wanted }} of memory.`;
    default:
      if (!isNamed) return message`No node has ${{ asked: wanted }}.`;
      return message`No node in ${{ queue }} has ${{ asked: wanted }}.`;
  }
}

const askForLess = (resource: LimitedResource, limit: number): Message =>
  limit === 0 ? message`Ask for none.` : message`Ask for ${{ limit: amount(resource, limit, true) }} or less.`;

function recipeLimitMessage({ recipe, resource, asked, limit }: ProblemValues['recipe-limit']): Message {
  if (limit === 0) return message`${{ recipe }} takes no GPU, and ${{ asked }} were asked for.`;
  const most = `${amount(resource, limit, true)}${resource === 'memory' ? ' of memory' : ''}`;
  const wanted = resource === 'time' || resource === 'memory' ? amount(resource, asked, false) : asked;
  return message`${{ recipe }} takes at most ${{ limit: most }}, and ${{ asked: wanted }} were asked for.`;
}

const optionReasons: Readonly<Record<OptionRefusal, string>> = {
  'control-character': 'it has a control character',
  'no-dash': 'it does not begin with a dash',
  'set-by-tunel': 'Tunel sets it',
  'array-has-a-field': 'Tunel sets it',
};

function argumentReason(problem: ValueProblem, value: string): string {
  switch (problem.kind) {
    case 'needed':
      return 'a value is required';
    case 'nul':
      return 'it has a NUL character';
    case 'not-a-number':
      return `“${value}” is not a number`;
    case 'less':
      return `${value} is less than ${problem.min}`;
    case 'more':
      return `${value} is more than ${problem.max}`;
    case 'not-yes-or-no':
      return `“${value}” is neither true nor false`;
    case 'not-a-choice':
      return `“${value}” is not one of ${problem.choices.join(', ')}`;
    case 'too-long':
      return `it has more than ${problem.max} characters`;
    case 'pattern':
      return `“${value}” does not fit the pattern ${problem.pattern}`;
  }
}

function argumentRemedy({ title, help, problem }: ProblemValues['argument-invalid']): Message {
  switch (problem.kind) {
    case 'needed':
      return message`${{ title }} is needed.`;
    case 'nul':
      return message`It has a NUL character.`;
    case 'not-a-number':
      return message`Give a number.`;
    case 'less':
      return message`Give ${{ min: problem.min }} or more.`;
    case 'more':
      return message`Give ${{ max: problem.max }} or less.`;
    case 'not-yes-or-no':
      return message`Give true or false.`;
    case 'not-a-choice':
      return message`Choose one of the list.`;
    case 'too-long':
      return message`At most ${{ max: problem.max }} characters.`;
    case 'pattern':
      return help === '' ? message`It must match ${{ pattern: problem.pattern }}.` : message`${{ help }}`;
  }
}

type Texts = { [Code in LaunchProblemCode]: (values: ProblemValues[Code]) => ProblemText };

const arrayRemedies: Readonly<Record<ArrayForm, Message>> = {
  list: message`Give numbers and ranges, such as 1-100 or 1,4,7; %5 at the end runs five at once.`,
  range: message`Give a number or one range, such as 1-100 or 1-100:2; %5 at the end runs five at once.`,
  'from-zero': message`Give a range that begins with 0, such as 0-99.`,
};

const texts: Texts = {
  'cluster-missing': () => text(message`Choose where it runs.`),
  'launcher-unsupported': ({ recipe, launcher, available }) =>
    text(
      message`${{ recipe }} does not run with ${{ launcher: launcherLabels[launcher] }}.`,
      available.length === 0 ? null : message`Choose ${{ launchers: launchers(available) }}.`,
    ),
  'launcher-not-found': ({ launcher, cluster, found }) =>
    text(
      message`${{ launcher: launcherLabels[launcher] }} was not found on ${{ cluster }}.`,
      message`${{ found: foundLaunchers(found) }} Choose another launcher or recipe, or connect again if it was installed since.`,
    ),
  'no-launcher': ({ recipe, wanted, cluster, found }) =>
    text(
      message`${{ recipe }} runs with ${{ launchers: wanted.map(launcherLabel).join(', ') }}. ${{ cluster }} has none of these.`,
      message`${{ found: foundLaunchers(found) }} Choose another recipe, or connect again if it was installed since.`,
    ),
  'launcher-unknown': ({ recipe, wanted }) =>
    text(
      message`${{ recipe }} runs only with ${{ launchers: wanted.join(', ') }}.`,
      message`This version knows ${{ launchers: Object.values(launcherLabels).join(', ') }}.`,
    ),
  'runtime-not-found': ({ runtime, cluster, found }) =>
    text(
      message`${{ runtime: runtimeLabels[runtime] }} was not found on ${{ cluster }}.`,
      message`${{ found: foundRuntimes(found) }} Choose another runtime, add the module that provides it, or connect again if it was installed since.`,
    ),
  'runtime-unsuitable': ({ runtime, image, able }) =>
    text(
      message`${{ runtime: runtimeLabels[runtime] }} cannot run ${{ image }}.`,
      message`Choose ${{ runtimes: runtimes(able) }}, or give an image from a registry or a .tar file.`,
    ),
  'no-runtime': ({ image, cluster, able, found }) =>
    text(
      message`${{ cluster }} has nothing that can run the image ${{ image }}.`,
      message`It needs ${{ runtimes: runtimes(able) }}. ${{ found: foundRuntimes(found) }} Leave the image empty to run without a container.`,
    ),
  'image-missing': ({ recipe, runtime }) =>
    text(
      message`${{ recipe }} names no image for ${{ runtime: runtimeLabels[runtime] }}.`,
      message`Give one, or choose no container.`,
    ),
  'image-invalid': ({ image }) =>
    text(
      message`“${{ image }}” is not an image.`,
      message`Give a name in a registry, e.g. docker.io/library/python:3.13-slim, or the path of a .sif or .tar file on the cluster, beginning with / or ~/.`,
    ),
  'queue-unknown': ({ queue, cluster, queues }) =>
    text(message`${{ cluster }} has no queue ${{ queue }}.`, message`Choose ${{ queues: queues.join(', ') }}.`),
  'qos-unknown': ({ qos, allowed }) =>
    text(
      message`You may not use the quality of service ${{ qos }}.`,
      message`You may use ${{ allowed: allowed.join(', ') }}.`,
    ),
  'combination-refused': ({ field, refusal, possible, chosen }) =>
    text(
      message`${{ what: describeChoice(field, chosen) }} ${{ why: describeRefusal(refusal, chosen) }}.`,
      possible.length === 0
        ? message`Leave it empty, or change what it does not go with.`
        : message`Choose ${{ possible: alternatives(possible) }}.`,
    ),
  'number-invalid': ({ resource }) =>
    text(
      resource === 'gpus'
        ? message`Give a whole number, or leave it empty.`
        : message`Give a whole number above zero, or leave it empty.`,
    ),
  'queue-limit': (values) => ({
    message: queueLimitMessage(values),
    remedy: askForLess(values.resource, values.limit),
    ...(values.otherQueue === null ? {} : { queue: values.otherQueue }),
  }),
  'recipe-limit': (values) => text(recipeLimitMessage(values), askForLess(values.resource, values.limit)),
  'gpu-type-unknown': ({ gpuType, queue, types }) =>
    text(
      queue === ''
        ? message`No node has a GPU of type ${{ gpuType }}.`
        : message`No node in ${{ queue }} has a GPU of type ${{ gpuType }}.`,
      message`Choose ${{ types: alternatives(types) }}.`,
    ),
  'option-refused': ({ option, reason }) =>
    text(
      message`The scheduler option ${{ option: JSON.stringify(option) }} cannot be used: ${{ reason: optionReasons[reason] }}.`,
      reason === 'array-has-a-field'
        ? message`Give the tasks of an array in its own field.`
        : message`Write each option and its value as one word, e.g. --constraint=avx2, and leave out where the job runs, its name and its output.`,
    ),
  'array-invalid': ({ array, launcher, form }) =>
    text(message`${{ launcher: launcherLabels[launcher] }} cannot read “${{ array }}” as tasks.`, arrayRemedies[form]),
  'array-unsupported': ({ launcher }) =>
    text(
      message`Tunel cannot start job arrays with ${{ launcher: launcherLabels[launcher] }}.`,
      message`Leave it empty, or choose another launcher.`,
    ),
  'argument-invalid': (values) =>
    text(
      message`Argument “${{ name: values.name }}” of recipe “${{ recipe: values.recipe }}”: ${{ reason: argumentReason(values.problem, values.value) }}.`,
      argumentRemedy(values),
    ),
  'too-many-arguments': ({ recipe, given, most }) =>
    text(message`Recipe “${{ recipe }}”: ${{ given }} arguments were given, at most ${{ most }} are taken.`),
  'several-lines': ({ subject }) => text(message`${{ subject }} is one line.`),
  'text-too-long': ({ subject, most }) => text(message`${{ subject }} has at most ${{ most }} characters.`),
};

const errorCodes: Partial<Record<LaunchProblemCode, ErrorCode>> = {
  'launcher-not-found': 'command-missing',
  'no-launcher': 'command-missing',
  'runtime-not-found': 'command-missing',
  'no-runtime': 'command-missing',
  'queue-unknown': 'queue-unknown',
  'qos-unknown': 'account-invalid',
  'combination-refused': 'account-invalid',
  'queue-limit': 'limit-exceeded',
  'recipe-limit': 'limit-exceeded',
};

function problemText(problem: LaunchProblem): ProblemText {
  // The table has an entry of the same code for each problem, which the compiler cannot follow through an index.
  const entry = texts[problem.code] as (values: LaunchProblem['values']) => ProblemText;
  return entry(problem.values);
}

/** A problem as the form shows it beside its field. `lead` is the text before the other remedy, using `queue`. */
export interface FieldError {
  message: string;
  lead?: string;
  queue?: string;
}

export function fieldError(problem: LaunchProblem): FieldError {
  const { message: said, remedy, queue } = problemText(problem);
  // The field shows its name and value itself, so that the remedy is enough.
  const isEnough = problem.code === 'argument-invalid' || problem.code === 'array-invalid';
  const sentences = isEnough && remedy ? remedy.text : [said.text, remedy?.text].filter(Boolean).join(' ');
  if (queue === undefined) return { message: sentences };
  const lead = `${sentences.replace(/\.$/, '')}, or `;
  return { message: `${lead}use queue ${queue}.`, lead, queue };
}

function errorHint(problem: LaunchProblem): Message | undefined {
  // Its message names the value and why it is refused already.
  if (problem.code === 'argument-invalid') return message`Change its value, then launch again.`;
  const { remedy, queue } = problemText(problem);
  if (remedy === null || queue === undefined) return remedy ?? undefined;
  return message`${{ remedy: remedy.text.replace(/\.$/, '') }}, or use queue ${{ queue }}.`;
}

export function launchError(problem: LaunchProblem): AppError {
  return new AppError(errorCodes[problem.code] ?? 'bad-input', problemText(problem).message, {
    hint: errorHint(problem),
  });
}

/** @throws AppError of the first problem */
export function throwFirstProblem(problems: readonly LaunchProblem[]): void {
  const first = problems[0];
  if (first) throw launchError(first);
}
