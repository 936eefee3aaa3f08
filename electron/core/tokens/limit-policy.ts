import { AppError } from '../../shared/errors.ts';
import type { Resources } from '../../shared/instances.ts';
import { type Message, message } from '../../shared/messages.ts';
import type { Token, TokenUsage } from '../../shared/tokens.ts';

type Limited = Pick<Token, 'name' | 'limits'>;

/** The day of a time here, by which use is counted. */
export function dayOf(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** How many jobs a scheduler makes of one submission. `array`: `1-100`, `0-9:3%2`, `1,5,7-9`; what cannot be read is one. */
export function countTasks(array: string): number {
  const parts = array.replace(/%\d+$/, '').split(',');
  const counts = parts.map((part) => {
    const [, first, last, step] = /^\s*(\d+)(?:-(\d+)(?::(\d+))?)?\s*$/.exec(part) ?? [];
    if (first === undefined || last === undefined) return 1;
    return Math.max(1, Math.floor((Number(last) - Number(first)) / Math.max(1, Number(step ?? 1))) + 1);
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

/** @throws AppError `token-limit` for a submission that a token must not make now */
export function checkSubmission(token: Limited, today: Pick<TokenUsage, 'jobs'>, resources: Resources): void {
  const { jobs, cpus, gpus, hours } = token.limits;
  const nodes = resources.nodes ?? 1;
  if (jobs !== null && today.jobs + countTasks(resources.array) > jobs) {
    throw limitReached(token, message`${{ jobs }} jobs a day, of which ${{ used: today.jobs }} are used`);
  }
  if (cpus !== null && (resources.cpus ?? 1) * nodes > cpus) throw limitReached(token, message`${{ cpus }} CPUs a job`);
  if (gpus !== null && (resources.gpus ?? 0) * nodes > gpus) throw limitReached(token, message`${{ gpus }} GPUs a job`);
  if (hours !== null && (resources.time === null || resources.time > hours * 60)) {
    throw limitReached(token, message`${{ hours }} hours a job, and it has to say its time`);
  }
  // The scheduler's own options may ask for more than what was checked.
  if (resources.options.length > 0 && (cpus !== null || gpus !== null || hours !== null)) {
    throw limitReached(token, message`what is asked for without options of the scheduler`);
  }
}

/** @throws AppError `token-limit` */
export function checkBytes(token: Limited, used: number): void {
  const { bytes } = token.limits;
  if (bytes !== null && used >= bytes) throw limitReached(token, message`${{ bytes }} bytes a day`);
}

function limitReached({ name }: Limited, limit: Message): AppError {
  return new AppError('token-limit', message`The token “${{ name }}” is limited to ${{ limit: limit.text }}.`, {
    hint: 'See: tunel token list',
  });
}
