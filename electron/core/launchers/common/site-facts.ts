import { AppError } from '../../../shared/errors.ts';
import { type Message, message } from '../../../shared/messages.ts';
import { quote } from '../../../shared/shell-quote.ts';
import type { SchedulerFacts } from '../../../shared/sites.ts';
import { lastLines } from './remote-script.ts';

/** Shell text that runs a command where the site lets jobs be submitted from; the command itself elsewhere. */
export function submittedFrom(site: SchedulerFacts | undefined, command: string): string {
  const from = site?.submitFrom;
  return from === undefined ? command : `{ mkdir -p ${quote(from)} && cd ${quote(from)} && ${command}; }`;
}

/** A file of the instance's directory as a command finds it that runs where the site lets jobs be submitted from. */
export const fileFor = (site: SchedulerFacts | undefined, directory: string, name: string): string =>
  site?.submitFrom === undefined ? `./${name}` : quote(`${directory}/${name}`);

/** The line of a profile that states a fact of a site. */
const remedyOf = (line: string): Message =>
  message`Write ${{ line: `\`${line}\`` }} below \`scheduler:\` in the site profile of this cluster (docs/sites.md), and apply the profile again.`;

type Fact = Extract<keyof SchedulerFacts, 'memory' | 'select' | 'cluster' | 'submitFrom'>;
const facts: readonly [RegExp, `${Fact}: ${string}`, Message][] = [
  [
    /(submi\w*|jobs?|launch\w*)\b.{0,80}\bfrom\b.{0,80}(\/\w|\bhome\b|\bscratch\b|directory|file ?system)|\b(home|scratch)\b[^.]{0,60}\b(not|cannot)\b[^.]{0,40}\bsubmi/i,
    'submitFrom: /path/that/may/submit',
    message`Jobs cannot be submitted from this directory here.`,
  ],
  [
    /mem-per-cpu|\bpmem\b|memory.{0,40}per[ -](core|cpu|slot)/i,
    'memory: per-core',
    message`Memory is asked for by the core here.`,
  ],
  [
    /(--mem|\bmemory|\bmem|h_vmem|request_memory|rusage)\b.{0,80}(not (be )?(allowed|accepted|supported|specified|requested|set)|must not|may not|do not|cannot be (set|specified|asked|used)|disallowed|forbidden)|(do not|don't|cannot|must not).{0,40}(--mem|memory)\b/i,
    'memory: none',
    message`Memory must not be asked for here.`,
  ],
  [/\bselect\b|\bchunks?\b/i, 'select: false', message`Chunks (select) cannot be asked for here.`],
  [
    /(no|invalid|unknown|specify|which|missing).{0,40}\bclusters?\b|\bclusters?\b.{0,40}(not|unknown|invalid|missing)/i,
    'cluster: NAME',
    message`The scheduler wants the name of a cluster.`,
  ],
];

/**
 * A refusal that a fact in the cluster's site profile avoids; null: it is none of these.
 * @param known what the profile says already
 * @param possible the facts that this scheduler's commands depend on
 */
export function siteFactError(
  output: string,
  known: SchedulerFacts | undefined,
  possible: readonly Fact[] = ['memory', 'submitFrom'],
): AppError | null {
  const found = facts.find(
    ([pattern, line]) =>
      possible.some((fact) => line.startsWith(`${fact}: `)) && pattern.test(output) && !states(known, line),
  );
  if (!found) return null;
  const [, line, sentence] = found;
  return new AppError('submit-failed', sentence, { detail: lastLines(output), hint: remedyOf(line) });
}

function states(known: SchedulerFacts | undefined, line: string): boolean {
  const [name = '', value = ''] = line.split(': ');
  const stated = Object.entries(known ?? {}).find(([key]) => key === name)?.[1];
  return name === 'memory' ? stated === value : stated !== undefined;
}

/** The remedies where a scheduler keeps or shows nothing of jobs that have ended. */
export const historyHint = remedyOf('jobHistory: false').text;
export const accountingHint = remedyOf('accounting: false').text;
