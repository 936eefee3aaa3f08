import { quote } from '../../../shared/shell-quote.ts';
import type { JobHandle } from '../common/launcher.ts';
import { prelude } from './script.ts';

type SlurmJob = Pick<JobHandle, 'id' | 'site'>;

export const releaseScript = (jobs: readonly SlurmJob[]): string => changeHold(jobs, 'release');
/** Held as by its user, also where that one has more rights. */
export const holdScript = (jobs: readonly SlurmJob[]): string => changeHold(jobs, 'uhold');

/** A job that waits for one that failed is let go by taking the dependency away. */
const releaseOf = (id: string): string => `case $(squeue -h -j ${id} -o %r 2>/dev/null) in
  DependencyNeverSatisfied) section release scontrol update JobId=${id} Dependency= ;;
  *) section release scontrol release ${id} ;;
esac`;

/** One command each, so that a refusal is about one job. */
function changeHold(jobs: readonly SlurmJob[], change: 'release' | 'uhold'): string {
  if (jobs.length === 0) return 'return 0';
  const changes = jobs.map(({ id }) =>
    change === 'release' ? releaseOf(quote(id)) : `section ${change} scontrol ${change} ${quote(id)}`,
  );
  return `${prelude(jobs[0]?.site)}
command -v scontrol >/dev/null 2>&1 || { emit absent 1 ''; return 0; }
${changes.join('\n')}`;
}
