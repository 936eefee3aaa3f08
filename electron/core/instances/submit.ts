import { AppError } from '../../shared/errors.ts';
import { quote } from '../shell-quote.ts';
import type { Member, MemberHost } from './member.ts';
import type { Plan } from './plan.ts';

/** A scheduler that does not answer is asked again for this long, so often. */
const AWAY_MS = 5 * 60_000;
const AGAIN_MS = 5000;

/**
 * The job's number. Not cancelled half-way: whether a job exists would stay unknown. A stop waits for its number instead,
 * and ends only a wait in which no job can be.
 * @param signal of the stop; @param life ends only with the process
 * @throws AppError what the launcher says, or `cancelled`
 */
export async function submitPatiently(
  member: Member,
  host: MemberHost,
  plan: Plan,
  signal: AbortSignal,
  life: AbortSignal,
): Promise<string> {
  const { clock, launchers } = host.deps;
  const { directory, resources } = plan;
  const submission = { instanceId: member.id, directory, jobName: `tunel-${member.id}`, resources };
  const launcher = launchers[plan.launcher];
  const until = clock.now() + AWAY_MS;
  for (;;) {
    try {
      return await member.worker.run((live) => launcher.submit(live, submission, life), life);
    } catch (thrown) {
      const error = AppError.from(thrown);
      // The one failure after which trying again helps, and finds what was submitted all the same (docs/launchers.md).
      if (error.code !== 'command-failed' || clock.now() >= until) throw error;
      const words = `${error.message} Trying again.`;
      member.dispatch({ type: 'progress', progress: { fraction: null, words } });
    }
    try {
      await clock.sleep(AGAIN_MS, signal);
    } catch (stopped) {
      if (life.aborted || !(await mayBeSubmitted(member, directory, life))) throw stopped;
      await clock.sleep(AGAIN_MS, life);
    }
  }
}

/** A submission was begun whose answer is not known: the script leaves `submitting` then. */
function mayBeSubmitted(member: Member, directory: string, life: AbortSignal): Promise<boolean> {
  const script = `[ ! -e ${quote(`${directory}/submitting`)} ] || echo yes`;
  return member.worker.run(async (live) => {
    const { stdout } = await live.run(script, { signal: life });
    return stdout.trim() === 'yes';
  }, life);
}
