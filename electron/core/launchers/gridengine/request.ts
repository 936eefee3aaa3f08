import { AppError } from '../../../shared/errors.ts';
import type { Resources } from '../../../shared/instances.ts';
import { message } from '../../../shared/messages.ts';
import type { SchedulerFacts } from '../../../shared/sites.ts';
import { isGpu, type ParallelEnvironment, type Site } from './site.ts';

const MEMORY = ['m_mem_free', 'h_vmem', 'mem_free', 'virtual_free', 'h_rss', 's_vmem', 'mem_requested', 'ram'];

/** Whether a request has to know the site: what it calls slots, memory, GPUs and projects differs. */
export function needsSite({ cpus, memory, gpus, nodes, account }: Resources): boolean {
  return (cpus ?? 1) > 1 || (nodes ?? 1) > 1 || memory !== null || (gpus ?? 0) > 0 || account !== '';
}

/**
 * The arguments of qsub for what was asked, as this site understands them; of a site not known, the usual ones.
 * @throws AppError `limit-exceeded`
 */
export function requestArguments(resources: Resources, site: Site, form?: SchedulerFacts['memory']): string[] {
  const { queue, account, time } = resources;
  const memory = form === 'none' || asksForMemory(resources.options) ? null : resources.memory;
  const slots = (resources.cpus ?? 1) * (resources.nodes ?? 1);
  const args: string[] = [];
  if (queue !== '') args.push('-q', queue);
  if (account !== '') args.push(site.projects.length > 0 ? '-P' : '-A', account);
  if (slots > 1 && !resources.options.some((option) => /^-pe(\s|$)/.test(option))) {
    args.push('-pe', environmentFor(resources, site), String(slots));
  }
  if (time !== null) args.push('-l', `h_rt=${time * 60}`);
  if (memory !== null) args.push('-l', memoryRequest(memory, { slots, queue, site, form }));
  if (resources.gpus !== null && resources.gpus > 0) args.push('-l', gpuRequest(resources.gpus, slots, site));
  return args;
}

/**
 * One whose slots are all on one node, or so many on each; of those, one that lets a relay in beside the app, then the
 * names sites usually give it.
 */
function environmentFor({ cpus, nodes, queue }: Resources, site: Site): string {
  const perNode = cpus ?? 1;
  const several = (nodes ?? 1) > 1;
  if (site.queues.length === 0) return several ? 'mpi' : 'smp';
  const here = site.queues.filter((config) => queue === '' || config.name === queue);
  const offered = new Set(here.flatMap((config) => config.environments));
  const rank = (environment: ParallelEnvironment): number =>
    (environment.restricted ? 4 : 0) +
    (environment.open ? 0 : 2) +
    (/^(smp|shm|shared|openmp|omp|threaded|threads?|mt|multithread|onenode|serial)/i.test(environment.name) ? 0 : 1);
  const fitting = site.environments
    .filter(
      (environment) =>
        environment.allocation === (several ? String(perNode) : '$pe_slots') &&
        environment.slots >= perNode * (nodes ?? 1) &&
        (here.length === 0 || offered.has(environment.name)),
    )
    .sort((a, b) => rank(a) - rank(b))[0];
  if (fitting) return fitting.name;
  const what = several ? `${nodes} nodes with ${perNode} cores each` : `${perNode} cores on one node`;
  throw new AppError('limit-exceeded', message`Grid Engine has no parallel environment here that gives ${{ what }}.`, {
    hint: 'Ask for less, choose another queue, or name the environment among the scheduler options: -pe NAME CORES.',
    detail: site.environments.map((item) => `${item.name}: ${item.allocation}, ${item.slots} slots`).join('\n'),
  });
}

/** The user's own request for memory, by whichever name, replaces ours: the two would be added up. */
const asksForMemory = (options: readonly string[]): boolean =>
  options
    .flatMap((option) => option.replace(/^-l\s*/, '').split(/[,\s]+/))
    .some((part) => MEMORY.includes(/^(\w+)=/.exec(part)?.[1] ?? ''));

/** MiB as the resource this site counts memory by; where none is counted, its queues' limit, else what is free now. */
function memoryRequest(
  memory: number,
  { slots, queue, site, form }: { slots: number; queue: string; site: Site; form?: SchedulerFacts['memory'] },
): string {
  const known = MEMORY.flatMap((name) => site.complexes.filter((item) => item.name === name));
  const limited = site.queues.some((config) => config.limitsMemory && (queue === '' || config.name === queue));
  const name =
    known.find((item) => item.per !== '')?.name ??
    (limited ? known.find((item) => item.name === 'h_vmem')?.name : undefined) ??
    known.find((item) => item.name === 'mem_free')?.name ??
    'h_vmem';
  const complex = known.find((item) => item.name === name);
  // h_vmem is a limit of each slot, counted or not (queue_conf(5)).
  const isBySlot = complex?.per === 'slot' || (name === 'h_vmem' && complex?.per !== 'job');
  const bySlot = form === undefined ? isBySlot : form !== 'per-node';
  return `${name}=${bySlot ? Math.ceil(memory / slots) : memory}M`;
}

function gpuRequest(gpus: number, slots: number, site: Site): string {
  if (site.complexes.length === 0) return `gpu=${gpus}`;
  const complex = site.complexes.find((item) => isGpu(item.name));
  if (!complex) {
    throw new AppError('limit-exceeded', 'Grid Engine counts no GPUs here by a name Tunel knows.', {
      hint: "Ask for none, or name the site's own resource among the scheduler options: -l NAME=1.",
      detail: site.complexes.map((item) => item.name).join(' '),
    });
  }
  if (complex.per !== 'slot') return `${complex.name}=${gpus}`;
  if (gpus % slots === 0) return `${complex.name}=${gpus / slots}`;
  throw new AppError(
    'limit-exceeded',
    message`Here Grid Engine gives GPUs with each core, so ${{ slots }} cores cannot have ${{ gpus }}.`,
    {
      hint: `Ask for as many cores as GPUs, or for one core.`,
      detail: `${complex.name} is counted for each slot.`,
    },
  );
}
