import type { ClusterFacts } from './clusters.ts';
import { setField } from './directives/edit.ts';
import { readFields } from './directives/fields.ts';
import { dialects } from './directives/index.ts';
import type { Resources } from './instances.ts';
import type { Job } from './jobs.ts';
import type { LauncherName } from './kinds.ts';
import { launcherInfo, queueOf } from './launch-target.ts';

/** What a job that ended at one of its limits may ask for when it runs again: memory in MiB, time in minutes. */
export interface RaisedLimit {
  limit: 'memory' | 'time';
  from: number;
  to: number;
}

type Failed = Pick<Job, 'native' | 'resources' | 'launcher' | 'script'>;

/** Twice what it had, as far as its queue allows; null: that is not known, or no more can be had. */
export function raisedLimit(job: Failed, facts: ClusterFacts | null): RaisedLimit | null {
  const limit = job.native?.limit ?? null;
  if (limit === null) return null;
  const info = launcherInfo(facts, job.launcher);
  const asked = askedFor(job);
  const queue = queueOf(info, job.native?.queue || asked.queue);
  const usualMinutes = queue?.defaultSeconds == null ? null : Math.floor(queue.defaultSeconds / 60);
  const from = limit === 'memory' ? asked.memory : (asked.time ?? usualMinutes);
  if (from === null || from < 1) return null;
  const mostMinutes = queue?.maxSeconds == null ? null : Math.floor(queue.maxSeconds / 60);
  const most = limit === 'memory' ? (queue?.memoryPerNode ?? info?.pool?.largest.memory ?? null) : mostMinutes;
  const to = Math.min(from * 2, most ?? Number.POSITIVE_INFINITY);
  return to > from ? { limit, from, to } : null;
}

/** The script with its directive changed; as it is where it has none. */
export function changeDirective(
  script: string,
  launcher: LauncherName,
  limit: RaisedLimit['limit'],
  to: number,
): string {
  const dialect = dialects[launcher];
  if (dialect === null || dialect.prefix === '' || readFields(script, dialect)[limit] === null) return script;
  return setField(script, dialect, limit, to);
}

/** What its own fields say, else the directives of its script. */
function askedFor({ resources, launcher, script }: Failed): Pick<Resources, 'memory' | 'time' | 'queue'> {
  const dialect = dialects[launcher];
  const directives = script === null || dialect === null || dialect.prefix === '' ? null : readFields(script, dialect);
  return {
    memory: resources.memory ?? directives?.memory ?? null,
    time: resources.time ?? directives?.time ?? null,
    queue: resources.queue || directives?.queue || '',
  };
}
